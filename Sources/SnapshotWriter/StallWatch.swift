/// Notices a target that does next to nothing: hardly a byte, no progress, hardly any CPU time of its main thread. And one that takes
/// longer than any dump does, whatever it does meanwhile.
///
/// Each sign on its own proves nothing: V8 builds for minutes without a byte, and Node 18 reports no progress while it names
/// strings.
struct StallWatch {
    private let limit: Duration
    private let end: ContinuousClock.Instant?
    private var lastSign: Sign
    private var lastChange: ContinuousClock.Instant

    struct Sign: Equatable {
        var bytes: UInt64 = 0
        var progressEvents = 0
        /// Of the target's main thread.
        var cpuTime = Duration.zero
    }

    /// Whoever writes a byte now and then could be followed forever. The slowest disk takes more than this in a second.
    private static let leastBytesPerSecond = 512.0
    /// A process that builds a snapshot uses a processor, or the share of one that its control group leaves to it.
    private static let leastCPUShare = 0.002

    /// - Parameters:
    ///   - limit: how long it may do next to nothing.
    ///   - most: how long it may take in all; nil for any time.
    init(limit: Duration, atMost most: Duration? = nil, now: ContinuousClock.Instant) {
        self.limit = limit
        end = most.map { now + $0 }
        lastSign = Sign()
        lastChange = now
    }

    /// - Returns: whether the target has stood still for the whole limit.
    mutating func isStalled(_ sign: Sign, now: ContinuousClock.Instant) -> Bool {
        if isProgress(sign) {
            lastSign = sign
            lastChange = now
        }
        return lastChange.duration(to: now) >= limit
    }

    /// Whether it has taken all the time that it may.
    func isTooSlow(now: ContinuousClock.Instant) -> Bool { end.map { now >= $0 } ?? false }

    /// Against what was seen at the last progress: little by little is progress too, if it is enough in time.
    private func isProgress(_ sign: Sign) -> Bool {
        // Anew: another copy, or another file.
        if sign.bytes < lastSign.bytes || sign.cpuTime < lastSign.cpuTime { return true }
        return Double(sign.bytes - lastSign.bytes) >= Self.leastBytesPerSecond * limit.inSeconds
            || sign.progressEvents != lastSign.progressEvents
            || (sign.cpuTime - lastSign.cpuTime).inSeconds >= Self.leastCPUShare * limit.inSeconds
    }
}
