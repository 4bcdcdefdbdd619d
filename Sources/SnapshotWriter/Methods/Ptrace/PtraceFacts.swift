import Linux
public import NodeProcess

/// What tells whether a process may be traced.
public struct PtraceFacts: Sendable, Equatable {
    /// Why not; nil if it may be.
    public var refusal: PermissionRefusal?
    #if arch(x86_64)
        public var isSupported = true
    #else
        public var isSupported = false
    #endif

    public init() {}

    /// The kernel asks for the same right to write to its memory as to trace it.
    static func read(_ handle: ProcessHandle) throws(ProcessError) -> PtraceFacts {
        var facts = PtraceFacts()
        do throws(LinuxError) {
            _ = try MemoryFile(handle.pid)
        } catch {
            let failure = ProcessError(error, pid: handle.pid)
            guard case .notPermitted(let refusal) = failure else { throw failure }
            facts.refusal = refusal
        }
        return facts
    }
}
