import Linux

/// The process that traces another one by ptrace(2).
public struct Tracer: Sendable, Equatable {
    public let pid: Int32
    /// The last component of its executable's path; its process name if that cannot be read.
    public let name: String

    public init(pid: Int32, name: String) {
        self.pid = pid
        self.name = name
    }

    /// Whether it passes signals on at once. strace does; a debugger stops its tracee at them until somebody continues it.
    public var passesSignalsOn: Bool { name == "strace" }

    /// - Returns: nil if nobody traces the process, or if the tracer is in a pid namespace that cannot be seen from here.
    public static func of(_ handle: ProcessHandle) throws(ProcessError) -> Tracer? {
        try handle.bracketing { () throws(LinuxError) -> Tracer? in
            let pid = try ProcessStatus.read(handle.pid).tracer
            guard pid > 0 else { return nil }
            let executable = try? ProcFile(pid, "exe").link()
            let name = executable.map(PathText.lastComponent) ?? (try? ProcessStatus.read(pid))?.name
            return Tracer(pid: pid, name: name ?? "a process that has ended")
        }
    }
}
