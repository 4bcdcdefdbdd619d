/// Notices a target that does nothing at all: no bytes, no progress, no CPU time of its main thread.
///
/// Each on its own proves nothing: V8 builds for minutes without a byte, and Node 18 reports no progress while it names
/// strings.
struct StallWatch {
    private let limit: Duration
    private var lastSign: Sign
    private var lastChange: ContinuousClock.Instant

    struct Sign: Equatable {
        var bytes: UInt64 = 0
        var progressEvents = 0
        /// Of the target's main thread.
        var cpuTime = Duration.zero
    }

    init(limit: Duration, now: ContinuousClock.Instant) {
        self.limit = limit
        lastSign = Sign()
        lastChange = now
    }

    /// - Returns: whether the target has stood still for the whole limit.
    mutating func isStalled(_ sign: Sign, now: ContinuousClock.Instant) -> Bool {
        if sign != lastSign {
            lastSign = sign
            lastChange = now
        }
        return lastChange.duration(to: now) >= limit
    }
}
