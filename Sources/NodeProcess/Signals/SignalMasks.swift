/// What a process does with signals at one moment.
public struct SignalMasks: Sendable, Equatable {
    public let caught: SignalSet
    /// Of the main thread.
    public let blocked: SignalSet
    public let ignored: SignalSet
    /// Sent and not delivered yet: a debugger, a frozen cgroup or a mask holds them up.
    public let pending: SignalSet

    public static func read(_ handle: ProcessHandle) throws(ProcessError) -> SignalMasks {
        let status = try handle.bracketing { () throws(ProcessError) in try ProcessStatus.read(handle.pid) }
        return SignalMasks(
            caught: status.caught, blocked: status.blocked, ignored: status.ignored, pending: status.pending)
    }
}
