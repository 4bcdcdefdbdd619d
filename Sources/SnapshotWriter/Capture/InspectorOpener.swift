import Glibc
import Inspector
import NodeProcess

/// Gets a session with the target's inspector: the one that is open, or one opened by a single SIGUSR1.
struct InspectorOpener {
    let target: TargetProcess
    let waiter: Waiter
    let loop: InspectorEventLoop
    let guardianCommand: [String]
    let observe: DumpObserver

    /// How long an idle event loop may take to open the inspector before it is clear that it will not. It takes 10 ms
    /// where nothing else runs.
    private static let patienceWhenIdle = Duration.seconds(5)
    /// The same where the main thread is busy: JavaScript is interrupted at once, native code is not.
    private static let patienceWhenBusy = Duration.seconds(10)
    /// Node takes 20 ms to install its handler where nothing else runs.
    private static let startUpTime = Duration.seconds(1)

    private var finder: InspectorFinder { InspectorFinder(target: target.handle, loop: loop) }
    /// Where the inspector is or will be; nil where the kernel chooses.
    private var port: UInt16? { target.inspectorHints.port }

    func open() throws -> InspectorAccess {
        if try isStopped() {
            throw DumpFailure.noMethod([MethodRefusal(method: .inspector, reason: InspectorOpening.stopped)])
        }
        let present = try ListeningSockets.owned(by: target.handle)
        if let found = finder.find(among: present, likelyPort: port) {
            observe(.detail("the inspector is already open on port \(found.socket.port); it stays open"))
            return InspectorAccess(
                session: try finder.openSession(with: found), found: found, target: target.handle, opening: nil)
        }
        let signals = try currentSignals()
        let refusal = InspectorOpening.refusal(
            caught: signals.caught, blocked: signals.blocked, hints: target.inspectorHints,
            dumpSignal: target.signalDumpHints.signal, portHolder: portHolder())
        if let refusal { throw DumpFailure.noMethod([MethodRefusal(method: .inspector, reason: refusal)]) }
        return try openBySignal(present: Set(present.map(\.inode)))
    }

    /// Stopped for good, that is: one under strace stops for a moment at every system call.
    private func isStopped() throws -> Bool {
        let end = ContinuousClock.now + .milliseconds(500)
        while true {
            let state = try MainThreadActivity.read(target.handle).state
            guard state == "T" || state == "t" else { return false }
            if .now >= end { return true }
            _ = try waiter.wait(atMost: .milliseconds(5))
        }
    }

    /// A process that has just started catches SIGUSR1 a moment later.
    private func currentSignals() throws -> (caught: SignalSet, blocked: SignalSet) {
        let end = ContinuousClock.now + Self.startUpTime
        while true {
            let signals = try target.currentSignals()
            let isSettled = signals.caught.contains(signal: SIGUSR1) || signals.blocked.contains(signal: SIGUSR1)
            if isSettled || .now >= end { return (signals.caught, signals.blocked) }
            _ = try waiter.wait(atMost: .milliseconds(20))
        }
    }

    private func openBySignal(present: Set<UInt64>) throws -> InspectorAccess {
        let guardian = try InspectorGuardian.start(
            command: guardianCommand, target: target, present: present)
        guard target.stillMatches() else {
            guardian.dismiss()
            throw DumpFailure.process(.exited(pid: target.handle.pid))
        }
        guardian.announceSignal()
        let opening = InspectorAccess.Opening(guardian: guardian, signalled: .now)
        do {
            try target.handle.send(SIGUSR1)
            observe(.detail("sent SIGUSR1 to open the inspector"))
            let found = try awaitInspector(present: present, since: opening.signalled, guardian: guardian)
            guardian.announceOpened(inode: found.socket.inode)
            observe(.detail("the inspector is open on port \(found.socket.port)"))
            return InspectorAccess(
                session: try finder.openSession(with: found), found: found, target: target.handle, opening: opening)
        } catch {
            guardian.takeOver()
            throw error
        }
    }

    private func awaitInspector(
        present: Set<UInt64>, since start: ContinuousClock.Instant, guardian: InspectorGuardian
    ) throws -> FoundInspector {
        var step = Duration.milliseconds(1)
        while true {
            let sockets = try ListeningSockets.owned(by: target.handle)
            let new = sockets.filter { !present.contains($0.inode) }
            if let found = finder.find(among: new, likelyPort: port) { return found }
            let elapsed = start.duration(to: .now)
            let activity = try MainThreadActivity.read(target.handle)
            if elapsed > (activity.isInEventLoop ? Self.patienceWhenIdle : Self.patienceWhenBusy) {
                let holder = portHolder()
                let reason = InspectorOpening.diagnosis(
                    isIdle: activity.isInEventLoop, blockedIn: activity.blockedIn, portHolder: holder, port: port)
                // An idle event loop has had the signal: nothing can open late.
                if activity.isInEventLoop || holder != nil { guardian.dismiss() }
                throw DumpFailure.noMethod([MethodRefusal(method: .inspector, reason: reason)])
            }
            _ = try waiter.wait(atMost: step)
            step = min(step * 2, .milliseconds(50))
        }
    }

    /// Who listens on the inspector's port in the target's network, in words; nil where nobody but the target does.
    private func portHolder() -> String? {
        guard let port, let all = try? ListeningSockets.all(inNamespaceOf: target.handle),
            let own = try? ListeningSockets.owned(by: target.handle)
        else { return nil }
        let ownInodes = Set(own.map(\.inode))
        guard
            let other = all.first(where: {
                $0.port == port && $0.isLoopbackOrWildcard && !$0.isIPv6 && !ownInodes.contains($0.inode)
            })
        else { return nil }
        guard let owner = SocketOwner.describe(inode: other.inode) else { return "another process" }
        return "process \(owner.pid) (\(owner.command))"
    }
}
