import NodeProcess

/// How long a target may do next to nothing, and how long it may be at its snapshot in all.
struct Patience {
    let stallTimeout: Duration
    /// For the whole of a dump that begins now; nil for any time.
    let most: () -> Duration?
    let context: RunContext

    func begin() -> StallCheck {
        StallCheck(
            watch: StallWatch(limit: stallTimeout, atMost: most(), now: context.now), limit: stallTimeout,
            context: context)
    }
}

extension Patience {
    /// `--timeout` goes before the time that any dump of the target's size takes.
    init(_ request: SnapshotRequest, _ target: TargetProcess, _ deadline: RunDeadline, _ context: RunContext) {
        self.init(
            stallTimeout: request.stallTimeout,
            most: {
                guard deadline.seconds == .infinity else { return nil }
                let estimate = DumpEstimate(
                    heap: nil, anonymousBytes: target.currentAnonymousBytes(), version: target.executable.version)
                return .seconds(max(Self.least, estimate.pauseSeconds * 10))
            }, context: context)
    }

    /// For the whole of a small dump, on a machine that is busy with other things, in seconds.
    private static let least = 3600.0
}

/// Gives up a target that has done next to nothing for as long as was asked for, or is at it for too long.
struct StallCheck {
    fileprivate var watch: StallWatch
    fileprivate let limit: Duration
    fileprivate let context: RunContext

    /// - Parameter lastSeen: what it was seen to do, as a clause.
    mutating func check(_ sign: StallWatch.Sign, lastSeen: @autoclosure () -> String) throws(DumpFailure) {
        let now = context.now
        if watch.isTooSlow(now: now) { throw .tooSlow(context.waiter.phase) }
        guard watch.isStalled(sign, now: now) else { return }
        throw .stalled(seconds: limit.inSeconds, context.waiter.phase, lastSeen: lastSeen())
    }

    mutating func check(_ sign: StallWatch.Sign, _ activity: MainThreadActivity?) throws(DumpFailure) {
        try check(
            sign,
            lastSeen: activity?.blockedIn.map { "its main thread is blocked in \($0)" } ?? "its main thread is idle")
    }
}
