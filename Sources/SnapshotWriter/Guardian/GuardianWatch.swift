import Linux
import NodeProcess

/// Closes the inspector that heapdump has left open, as soon as the target lets it.
struct GuardianWatch {
    let target: any LiveProcess
    let search: any InspectorSearch
    /// Where SIGUSR1 makes the target open its inspector; nil if the kernel chooses.
    let port: UInt16?
    /// Inodes of the listening sockets that the target had before SIGUSR1.
    let present: Set<UInt64>
    /// Keeps other heapdumps from the target as long as what it returns lives; nil if that cannot be.
    let lock: () -> AnyObject?
    /// To be made once an inspector is closed.
    let secondOpening: () -> SecondOpening
    let clock: any RunClock

    /// A target may sit in native code for hours before it opens the inspector.
    private static let longestWatch = Duration.seconds(24 * 3600)
    /// How long the lock on the target is kept while it does not answer.
    static let longestHold = Duration.seconds(300)

    func run(_ told: GuardianOrders.Duty) {
        told.connection?.drain()
        let end = clock.now + Self.longestWatch
        var duty = told
        var late = LateOpening(signalled: clock.now)
        var second = duty.hasOpened ? secondOpening() : nil
        var strangers = NewSockets()
        var step = Duration.milliseconds(20)
        while target.isAlive, clock.now < end {
            // After exec nothing is left of the inspector, nor of the signal.
            if case .replaced = target.programState() { return }
            // Before the sockets: what the last turn of the loop opened is among them.
            let isOver = isOver(&late, &second)
            if let sockets = try? target.listeningSockets() {
                let candidates = sockets.filter { isCandidate($0, duty) }
                // The close may have been carried out meanwhile: heapdump queues it where it can, and so does the guardian.
                if candidates.isEmpty, duty.inode != nil {
                    letGo(&duty)
                    second = secondOpening()
                }
                // Lets another heapdump finish, which would take our questions for a stranger's, and which may be using the inspector.
                // The lock is held for as long as a request to close waits in the target: whoever dumps it meanwhile would lose the
                // inspector in the middle of that.
                let lock = candidates.isEmpty ? nil : lock()
                defer { withExtendedLifetime(lock) {} }
                let held = clock.now
                if let found = try? search.find(among: candidates, likelyPort: port) {
                    duty.inode = found.socket.inode
                    duty.hasOpened = true
                    switch close(found, until: min(end, held + Self.longestHold)) {
                    // The signal opens it twice in a process that is busy: see `Guardian.announceClosed`.
                    case .closed:
                        letGo(&duty)
                        second = secondOpening()
                    // Whatever the application has done to what closes it, it may undo.
                    case .failed: step = .seconds(60)
                    case .pending:
                        // Others get their turn with a process that does not answer.
                        if lock != nil, held.duration(to: clock.now) >= Self.longestHold { step = .seconds(15) }
                    }
                } else if isHeldUp() {
                    strangers = NewSockets()
                } else if duty.inode == nil, isOver, strangers.areApplications(candidates, now: clock.now) {
                    return
                }
            }
            wait(for: step, duty.inode == nil ? second : nil)
            step = max(step, min(step * 2, .seconds(2)))
        }
    }

    /// A loop that is busy is idle for moments only: if its turns cannot be counted, these have to be met.
    private func wait(for duration: Duration, _ second: SecondOpening?) {
        guard let second, second.isAskedFor else {
            target.ends(within: duration, by: clock)
            return
        }
        let end = clock.now + duration
        repeat {
            target.ends(within: .milliseconds(5), by: clock)
        } while target.isAlive && clock.now < end && !second.hasTurned
    }

    /// Listening sockets that have begun since the signal and do not answer as an inspector: the application's, in time.
    private struct NewSockets {
        private var since: [UInt64: ContinuousClock.Instant] = [:]
        /// The inspector is served by a thread of its own, which needs a moment to begin with it.
        private static let beginning = Duration.seconds(2)

        mutating func areApplications(_ sockets: [ListeningSocket], now: ContinuousClock.Instant) -> Bool {
            for socket in sockets where since[socket.inode] == nil { since[socket.inode] = now }
            return sockets.allSatisfy { since[$0.inode]?.duration(to: now) ?? .zero > Self.beginning }
        }
    }

    /// Of an inspector that is closed, and of heapdump's connection to it: Node's main thread stands still until that ends.
    private func letGo(_ duty: inout GuardianOrders.Duty) {
        duty.inode = nil
        duty.connection?.end()
        duty.connection = nil
    }

    /// Whether no inspector can open any more.
    private func isOver(_ late: inout LateOpening, _ second: inout SecondOpening?) -> Bool {
        let sight = { try LateOpening.Sight(of: target) }
        if second != nil { return (try? second?.isOver(sight)) ?? false }
        return (try? late.isOver(now: clock.now, sight)) ?? false
    }

    /// Whether none of its threads can answer.
    private func isHeldUp() -> Bool {
        (try? target.activity().isStopped) == true || (try? target.isFrozen()) == true
    }

    private func isCandidate(_ socket: ListeningSocket, _ duty: GuardianOrders.Duty) -> Bool {
        if let inode = duty.inode { return socket.inode == inode }
        // Nobody has seen it yet, and the application may open sockets of its own meanwhile.
        guard !present.contains(socket.inode) else { return false }
        return socket.mayBeInspector(on: port)
    }

    private func close(_ found: FoundInspector, until end: ContinuousClock.Instant) -> InspectorClosing.Outcome {
        guard let session = try? search.openSession(with: found) else { return .pending }
        defer { session.close() }
        return InspectorClosing(
            session: session, inode: found.socket.inode, target: target, port: port, clock: clock
        ).run(within: clock.now.duration(to: end))
    }
}
