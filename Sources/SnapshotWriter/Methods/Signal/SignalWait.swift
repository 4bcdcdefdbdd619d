import NodeProcess

/// What to make of a target that was sent the signal and has not begun. Fed with what is seen; looks at nothing itself.
struct SignalWait {
    let signal: DumpSignal
    let stallTimeout: Duration
    private var stall: StallWatch
    private let start: ContinuousClock.Instant
    private var idleSince: ContinuousClock.Instant?
    private var hasSpoken = false

    enum Judgement {
        case goOn
        case say(String)
        case giveUp(DumpFailure)
    }

    init(signal: DumpSignal, stallTimeout: Duration, now: ContinuousClock.Instant) {
        self.signal = signal
        self.stallTimeout = stallTimeout
        stall = StallWatch(limit: stallTimeout, now: now)
        start = now
    }

    /// After which a signal has certainly reached a process that runs: an event loop that is idle then, or had a turn
    /// since, has handled it.
    private static let deliveryTime = Duration.seconds(1)
    /// From there to the file it takes milliseconds where nothing else runs.
    private static let patienceWhenIdle = Duration.seconds(10)
    private static let patienceInSilence = Duration.seconds(2)

    /// - Parameters:
    ///   - stranger: a snapshot that appeared, and is not proven to be the target's.
    ///   - mayWaitForChild: whether the wait for events may be that of execSync, which is no turn of the event loop.
    mutating func judge(
        _ activity: MainThreadActivity, stranger: String?, now: ContinuousClock.Instant,
        mayWaitForChild: () -> Bool = { false }
    ) -> Judgement {
        if idleSince == nil, activity.isIdle, start.duration(to: now) >= Self.deliveryTime, !mayWaitForChild() {
            idleSince = now
        }
        // An application may do other things before it dumps; Node and the add-on do not.
        if signal.isProven, let since = idleSince, since.duration(to: now) >= Self.patienceWhenIdle {
            return .giveUp(.refused(.signal, whyNothing(stranger)))
        }
        if stall.isStalled(StallWatch.Sign(cpuTime: activity.cpuTime, isIdle: activity.isIdle), now: now) {
            return .giveUp(
                .stalled(seconds: stallTimeout.inSeconds, .waiting, lastSeen: lastSeen(activity, stranger)))
        }
        if !hasSpoken, start.duration(to: now) >= Self.patienceInSilence, idleSince == nil {
            hasSpoken = true
            return .say("it has \(signal.name), and begins when its event loop is free; now \(doing(activity))")
        }
        return .goOn
    }

    private func whyNothing(_ stranger: String?) -> Refusal {
        stranger.map { .strangerAppeared($0, signal.number) } ?? .nothingAppeared(signal.number)
    }

    private func lastSeen(_ activity: MainThreadActivity, _ stranger: String?) -> String {
        stranger.map { "\($0) appeared, and nothing proves that this process wrote it" } ?? "its " + doing(activity)
    }

    private func doing(_ activity: MainThreadActivity) -> String {
        if activity.isInEventLoop { return "main thread is idle" }
        return activity.blockedIn.map { "main thread is blocked in \($0)" } ?? "main thread is busy"
    }
}
