import Linux
import NodeProcess

/// How long a run waits for its turn: for another heapdump as long as the whole run may take, for anything else, which may
/// last, 10 s; for both as long as `--wait` says.
struct Turn {
    private let limit: Duration?
    private let waiter: Waiter
    /// Set when it begins to wait.
    private var end: ContinuousClock.Instant?
    private var lastHolder: Int32?

    /// For what may never end by itself.
    static let patience = Duration.seconds(10)
    /// For a lock of the target's user, who may hold it forever.
    static let patienceWithUsers = Duration.seconds(60)

    /// - Parameter limit: for all; nil for the defaults.
    init(limit: Duration?, waiter: Waiter) {
        self.limit = limit
        self.waiter = waiter
    }

    /// For the holder of a `DumpLock`.
    /// - Parameters:
    ///   - descriptor: becomes readable when the lock is free.
    ///   - what: what the holder is to be done with.
    /// - Throws: `.busy` once the time is up; `DumpLock.PassedOver` where the lock is to be ignored.
    mutating func wait(
        for descriptor: Int32, heldBy lock: DumpLock.Holder, of what: String, say: (String) -> Void
    ) throws {
        let holder = lock.pid
        let isGuardian = GuardianDuty.isGuardian(holder) && !lock.isForeign
        let who = isGuardian ? "a guardian, process \(holder)," : "another heapdump, process \(holder),"
        if lastHolder != holder { say("waiting for \(who) to be done with \(what)") }
        lastHolder = holder
        guard let patience = limit ?? (isGuardian ? Self.patience : lock.isForeign ? Self.patienceWithUsers : nil)
        else {
            return try waiter.wait(for: descriptor)
        }
        let end = end ?? waiter.clock.now + patience
        self.end = end
        while true {
            let left = waiter.clock.now.duration(to: end)
            // Looked at first: who takes the lock and lets go of each connection at once would keep us here.
            guard left > .zero else { break }
            if try waiter.wait(for: descriptor, atMost: left) { return }
        }
        if lock.isForeign, limit == nil {
            say(
                "process \(holder) of user \(userName(lock.uid).map(TerminalText.escaped) ?? String(lock.uid)) has held it for a "
                    + "minute: going on all the same")
            throw DumpLock.PassedOver()
        }
        throw DumpFailure.busy(
            isGuardian
                ? "a guardian, process \(holder), still waits for it to close the debug port that an earlier heapdump opened; try "
                    + "again when the process is less busy"
                : "another heapdump, process \(holder), is not done with \(what) yet; try again, or wait longer with --wait"
        )
    }

    /// For what nobody announces the end of: to be called before each new look.
    /// - Returns: false once the time is up.
    mutating func waitABit() throws(DumpFailure) -> Bool {
        let end = end ?? waiter.clock.now + (limit ?? Self.patience)
        self.end = end
        let left = waiter.clock.now.duration(to: end)
        guard left > .zero else { return false }
        _ = try waiter.wait(atMost: min(left, .milliseconds(50)))
        return true
    }
}

extension DumpLock {
    /// Waits for its turn. One heapdump at a time works on a process in the same way.
    /// - Parameter limit: see `Turn`.
    static func acquire(
        for purpose: Purpose, of target: TargetProcess, within limit: Duration?, _ context: RunContext
    ) throws -> DumpLock? {
        var turn = Turn(limit: limit, waiter: context.waiter)
        return try acquire(on: target.handle, userID: target.uid, for: purpose) { descriptor, holder in
            try turn.wait(for: descriptor, heldBy: holder, of: "it") { context.observe(.note($0)) }
        }
    }

    /// For the port where the target opens its inspector.
    /// - Returns: nil if the kernel chooses the port, or there is no lock to be had.
    static func acquire(
        portOf target: TargetProcess, within limit: Duration?, _ waiter: Waiter, observe: DumpObserver
    ) throws -> DumpLock? {
        guard let port = target.inspectorHints.port, let network = try? TargetNetwork.identity(of: target.handle) else {
            return nil
        }
        var turn = Turn(limit: limit, waiter: waiter)
        return try acquire(port: port, in: network, for: target.handle, userID: target.uid) { descriptor, holder in
            try turn.wait(for: descriptor, heldBy: holder, of: "port \(port)") { observe(.note($0)) }
        }
    }
}
