public import Linux

// What Linux reads of any pid, of the process that a handle holds.

extension ListeningSockets {
    /// Those that the process itself holds a descriptor of.
    public static func owned(by handle: ProcessHandle) throws(ProcessError) -> [ListeningSocket] {
        try handle.bracketing { () throws(LinuxError) in try owned(by: handle.pid) }
    }

    /// Every one in the process's network namespace, whoever holds it.
    public static func all(inNamespaceOf handle: ProcessHandle) throws(ProcessError) -> [ListeningSocket] {
        try handle.bracketing { () throws(LinuxError) in try all(inNamespaceOf: handle.pid) }
    }
}

extension MemoryGroups {
    /// - Throws: if the process is gone.
    public static func read(_ handle: ProcessHandle) throws(ProcessError) -> MemoryGroups {
        try handle.bracketing { () throws(LinuxError) in CgroupTree().memoryGroups(of: handle.pid) }
    }
}

extension ProgramIdentity {
    public static func read(_ handle: ProcessHandle) throws(ProcessError) -> ProgramIdentity {
        try handle.bracketing { () throws(LinuxError) in try ProgramIdentity(handle.pid) }
    }
}

extension ResourceLimits {
    public static func read(_ handle: ProcessHandle) throws(ProcessError) -> ResourceLimits {
        try handle.bracketing { () throws(LinuxError) in try read(handle.pid) }
    }
}

extension SignalMasks {
    public static func read(_ handle: ProcessHandle) throws(ProcessError) -> SignalMasks {
        try handle.bracketing { () throws(LinuxError) in try read(handle.pid) }
    }
}

extension ThreadCalls {
    /// Of the main thread, since it began; nil if that may not be seen.
    public static func count(_ handle: ProcessHandle) -> UInt64? { count(handle.pid) }
}

extension WaitingThreads {
    /// As they are at this moment; none if that may not be seen.
    public init(of handle: ProcessHandle) { self.init(of: handle.pid) }

    /// Looks again.
    /// - Returns: whether each of them has been seen since the first call to wait where it did before, or has ended.
    public mutating func haveReturned(in handle: ProcessHandle, now: ContinuousClock.Instant = .now) -> Bool {
        haveReturned(in: handle.pid, now: now)
    }
}
