import Glibc
import Linux

/// Tells one program under a pid from the next one: exec keeps the pid, the start time and the pidfd.
public struct ProgramIdentity: Sendable, Equatable {
    private let executable: FileIdentity
    /// The auxiliary vector holds addresses that the kernel chooses anew at each exec, also of the same file.
    private let auxiliaryVector: [UInt8]

    /// A process without memory has no auxiliary vector: it is ending.
    var isGone: Bool { auxiliaryVector.isEmpty }

    public static func read(_ handle: ProcessHandle) throws(ProcessError) -> ProgramIdentity {
        try handle.bracketing { () throws(ProcessError) in try ProgramIdentity(handle.pid) }
    }

    init(_ pid: Int32) throws(ProcessError) {
        executable = try ProcFile(pid, "exe").identity()
        auxiliaryVector = try ProcFile(pid, "auxv").bytes()
    }
}
