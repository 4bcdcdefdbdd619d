import Glibc
import Linux
import NodeProcess

/// Whether a target that was sent SIGUSR1, and has not opened its inspector, may still do so. Fed with what is seen; looks at nothing itself.
///
/// A signal that was sent may be held up, by a debugger, job control, a frozen cgroup or native code, for hours. Once it
/// was delivered, one turn of the event loop is enough, and the inspector opens then or never.
struct LateOpening {
    private let signalled: ContinuousClock.Instant
    private var turnedAt: ContinuousClock.Instant?

    /// A signal that is not pending has certainly reached the thread that handles it after this time.
    private static let deliveryTime = Duration.seconds(1)
    /// How long an event loop that has turned may take to open the inspector. It takes 10 ms where nothing else runs.
    private static let openingTime = Duration.seconds(5)

    init(signalled: ContinuousClock.Instant) { self.signalled = signalled }

    struct Sight {
        var activity: MainThreadActivity
        /// The signal is pending, or the process is stopped or frozen.
        var isHeldUp: Bool
        /// An idle main thread may be in execSync's own loop.
        var mayWaitForChild: Bool

        /// Whether its event loop waits for something to do.
        var isIdle: Bool { activity.isInEventLoop && !isHeldUp && !mayWaitForChild }
    }

    /// Whether the event loop has turned since the signal was delivered.
    var hasTurned: Bool { turnedAt != nil }

    /// - Parameter sight: is looked for only while the loop has not been seen to turn.
    /// - Returns: whether nothing can open any more.
    mutating func isOver(now: ContinuousClock.Instant, _ sight: () throws -> Sight) rethrows -> Bool {
        if let turnedAt { return turnedAt.duration(to: now) > Self.openingTime }
        guard signalled.duration(to: now) > Self.deliveryTime else { return false }
        let seen = try sight()
        if seen.isIdle { turnedAt = now }
        return false
    }
}

extension LateOpening.Sight {
    /// As it is now.
    init(of target: any LiveProcess) throws(ProcessError) {
        activity = try target.activity()
        let isPending = try target.signals().pending.contains(signal: SIGUSR1)
        let isFrozen = try target.isFrozen()
        isHeldUp = isPending || activity.isStopped || isFrozen
        // Last, since it reads all processes.
        mayWaitForChild = activity.isInEventLoop && !isHeldUp && target.mayWaitForChild()
    }
}
