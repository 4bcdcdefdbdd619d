import Glibc

/// Tells one program under a pid from the next one: exec keeps the pid, the start time and the pidfd.
public struct ProgramIdentity: Sendable, Equatable {
    private let executable: FileIdentity
    /// The auxiliary vector holds addresses that the kernel chooses anew at each exec, also of the same file.
    private let auxiliaryVector: [UInt8]

    /// A process without memory has no auxiliary vector: it is ending.
    package var isGone: Bool { auxiliaryVector.isEmpty }

    package init(_ pid: Int32) throws(LinuxError) {
        executable = try ProcFile(pid, "exe").identity()
        auxiliaryVector = try ProcFile(pid, "auxv").bytes()
    }
}
