import Glibc

extension Duration {
    /// From the unit in which /proc counts time.
    public init(clockTicks ticks: UInt64) {
        let perSecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: perSecond)
        self = .seconds(Int64(clamping: seconds)) + .nanoseconds(Int64(rest * 1_000_000_000 / perSecond))
    }

    /// Since the machine was started, time asleep included: the clock by which /proc dates processes.
    public static var sinceBoot: Duration {
        var now = timespec()
        clock_gettime(CLOCK_BOOTTIME, &now)
        return .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec)
    }
}
