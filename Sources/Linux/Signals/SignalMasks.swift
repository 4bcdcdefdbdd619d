/// What a process does with signals at one moment.
public struct SignalMasks: Sendable, Equatable {
    public let caught: SignalSet
    /// Of the main thread.
    public let blocked: SignalSet
    public let ignored: SignalSet
    /// Sent and not delivered yet: a debugger, a frozen cgroup or a mask holds them up.
    public let pending: SignalSet

    package static func read(_ pid: Int32) throws(LinuxError) -> SignalMasks {
        let status = try ProcessStatus.read(pid)
        return SignalMasks(
            caught: status.caught, blocked: status.blocked, ignored: status.ignored, pending: status.pending)
    }
}
