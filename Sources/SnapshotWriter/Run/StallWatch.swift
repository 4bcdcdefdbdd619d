/// Notices a target that does next to nothing: hardly a byte, no progress, hardly any CPU time of its main thread. And
/// one that takes longer than any dump does, whatever it does meanwhile.
///
/// Each sign on its own proves nothing: V8 builds for minutes without a byte, and Node 18 reports no progress while it
/// names strings. CPU time is no sign of a snapshot where the main thread is idle at most looks: a service that waits for
/// events uses some all the time.
struct StallWatch {
    private let limit: Duration
    private let end: ContinuousClock.Instant?
    /// As they were when the last of each kind was seen.
    private var snapshotMark = Sign()
    private var cpuMark = Duration.zero
    private var lastChange: ContinuousClock.Instant
    private var lastLook: ContinuousClock.Instant
    /// Since something of the snapshot was last seen.
    private var idleTime = Duration.zero

    struct Sign: Equatable {
        var bytes: UInt64 = 0
        var progressEvents = 0
        /// Of the target's main thread.
        var cpuTime = Duration.zero
        /// Whether that thread waits for events, and nothing else builds the snapshot.
        var isIdle = false
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
        lastChange = now
        lastLook = now
    }

    /// - Returns: whether the target has stood still for the whole limit.
    mutating func isStalled(_ sign: Sign, now: ContinuousClock.Instant) -> Bool {
        if sign.isIdle { idleTime += lastLook.duration(to: now) }
        lastLook = now
        if isProgressOfSnapshot(sign) {
            snapshotMark = sign
            idleTime = .zero
            lastChange = now
        }
        if isProgressOfCPU(sign) {
            cpuMark = sign.cpuTime
            lastChange = now
        }
        return lastChange.duration(to: now) >= limit || idleTime >= limit
    }

    /// Whether it has taken all the time that it may.
    func isTooSlow(now: ContinuousClock.Instant) -> Bool { end.map { now >= $0 } ?? false }

    /// Against what was seen at the last progress: little by little is progress too, if it is enough in time. Less than
    /// there was comes of another file.
    private func isProgressOfSnapshot(_ sign: Sign) -> Bool {
        sign.bytes < snapshotMark.bytes || sign.progressEvents != snapshotMark.progressEvents
            || Double(sign.bytes - snapshotMark.bytes) >= Self.leastBytesPerSecond * limit.inSeconds
    }

    /// Less than there was comes of another copy.
    private func isProgressOfCPU(_ sign: Sign) -> Bool {
        sign.cpuTime < cpuMark || (sign.cpuTime - cpuMark).inSeconds >= Self.leastCPUShare * limit.inSeconds
    }
}
