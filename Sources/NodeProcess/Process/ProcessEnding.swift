import CLinux
import Linux

/// How a process that is no child of ours ended.
public enum ProcessEnding: Sendable, Equatable {
    case exited(Int32)
    case signalled(Int32)

    /// The kernel tells for a while: through the pidfd (Linux 6.15), and in the stat file of a process that its parent has not
    /// reaped yet.
    /// - Returns: nil if it runs, or nobody tells.
    public static func of(_ handle: ProcessHandle) -> ProcessEnding? {
        var status: Int32 = 0
        if clinux_pidfd_exit_status(handle.descriptor, &status) == 0 { return ProcessEnding(status) }
        guard let stat = try? ProcessStat.read(handle.pid), stat.isEnded, stat.startTime == handle.startTime,
            let status = stat.exitStatus
        else { return nil }
        return ProcessEnding(status)
    }

    /// - Parameter status: as wait(2) has it.
    init(_ status: Int32) {
        let signal = status & 0x7F
        self = signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }
}
