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
    /// After which a signal has certainly reached a process that runs.
    private static let deliveryTime = Duration.seconds(1)
    /// Node takes 20 ms to install its handler where nothing else runs.
    private static let startUpTime = Duration.seconds(1)
    /// How long to wait for the end of a system call that the signal would break off.
    private static let callTime = Duration.seconds(1)

    private var finder: InspectorFinder {
        InspectorFinder(target: target.handle, loop: loop) { [waiter] in try waiter.wait(for: $0) }
    }
    /// Where the inspector is or will be; nil where the kernel chooses.
    private var port: UInt16? { target.inspectorHints.port }

    func open() throws -> InspectorAccess {
        if try staysSo(for: .milliseconds(500), \.isStopped) {
            // For good, that is: one under strace stops for a moment at every system call.
            throw refused(InspectorOpening.stopped)
        }
        let present = try ListeningSockets.owned(by: target.handle)
        if let found = try finder.find(among: present, likelyPort: port) { return try use(found) }
        let signals = try currentSignals()
        let refusal = InspectorOpening.refusal(
            caught: signals.caught, blocked: signals.blocked, hints: target.inspectorHints,
            dumpSignal: target.signalDumpHints.signal,
            // Looked at anew: one that has just started may have opened its own inspector meanwhile.
            portHolder: InspectorPort.holder(
                of: target, besides: try ListeningSockets.owned(by: target.handle), certainly: true))
        if let refusal { throw refused(refusal) }
        if try staysSo(for: Self.callTime, { $0.isInBreakableCall }) {
            let call = try MainThreadActivity.read(target.handle).blockedIn ?? "a system call"
            throw refused(InspectorOpening.blocked(in: call))
        }
        return try openBySignal(present: present)
    }

    private func use(_ found: FoundInspector) throws -> InspectorAccess {
        observe(.detail("the inspector is already open on port \(found.socket.port); it stays open"))
        return InspectorAccess(
            session: try finder.openSession(with: found), found: found, target: target.handle, opening: nil)
    }

    private func refused(_ reason: String) -> DumpFailure {
        .refused(.inspector, reason)
    }

    private func staysSo(for duration: Duration, _ condition: (MainThreadActivity) -> Bool) throws -> Bool {
        let end = ContinuousClock.now + duration
        while condition(try MainThreadActivity.read(target.handle)) {
            if .now >= end { return true }
            _ = try waiter.wait(atMost: .milliseconds(5))
        }
        return false
    }

    /// A process that has just started catches SIGUSR1 a moment later; and Node blocks all signals while it starts a thread,
    /// that of the inspector for one.
    private func currentSignals() throws -> (caught: SignalSet, blocked: SignalSet) {
        let end = ContinuousClock.now + Self.startUpTime
        while true {
            let signals = try target.currentSignals()
            let isSettled = signals.caught.contains(signal: SIGUSR1) && !signals.blocked.contains(signal: SIGUSR1)
            if isSettled || .now >= end { return (signals.caught, signals.blocked) }
            _ = try waiter.wait(atMost: .milliseconds(20))
        }
    }

    private func openBySignal(present: [ListeningSocket]) throws -> InspectorAccess {
        let guardian = try InspectorGuardian.start(
            command: guardianCommand, target: target, present: Set(present.map(\.inode)), port: port
        ) { descriptor throws(DumpFailure) in try waiter.wait(for: descriptor) }
        try waiter.checkInterruption()
        guard target.stillMatches() else { throw DumpFailure.targetReplaced(waiter.phase) }
        guardian.announceSignal()
        let opening = InspectorAccess.Opening(guardian: guardian, signalled: .now, port: port)
        do {
            try target.handle.send(SIGUSR1)
            observe(.detail("sent SIGUSR1 to open the inspector"))
            let found = try awaitInspector(present: present, since: opening.signalled, guardian: guardian)
            guard !present.contains(found.socket) else {
                guardian.dismiss()
                return try use(found)
            }
            guardian.announceOpened(inode: found.socket.inode)
            observe(.detail("the inspector is open on port \(found.socket.port)"))
            let session = try finder.openSession(with: found, connected: guardian.entrust)
            return InspectorAccess(session: session, found: found, target: target.handle, opening: opening)
        } catch {
            guardian.takeOver()
            if case .exited? = error as? ProcessError { throw DumpFailure.targetDied(waiter.phase, bytes: 0) }
            throw error
        }
    }

    private func awaitInspector(
        present: [ListeningSocket], since start: ContinuousClock.Instant, guardian: InspectorGuardian
    ) throws -> FoundInspector {
        var step = Duration.milliseconds(1)
        var idleSince: ContinuousClock.Instant?
        while true {
            let sockets = try ListeningSockets.owned(by: target.handle)
            let new = sockets.filter { !present.contains($0) }
            if let found = try finder.find(among: new, likelyPort: port) { return found }
            guard target.stillMatches() else { throw DumpFailure.targetReplaced(waiter.phase) }
            let activity = try MainThreadActivity.read(target.handle)
            // A server is seldom found idle all the time, but one turn of the loop after the signal is enough.
            if idleSince == nil, activity.isInEventLoop, start.duration(to: .now) > Self.deliveryTime,
                !target.mayWaitForChild()
            {
                idleSince = .now
            }
            let isIdle = idleSince.map { $0.duration(to: .now) > Self.patienceWhenIdle } ?? false
            if isIdle || start.duration(to: .now) > Self.patienceWhenBusy {
                // It may have been open from the start, and too slow to answer then.
                if let found = try finder.find(among: sockets, likelyPort: port) { return found }
                throw refused(try diagnosis(activity, isIdle, guardian))
            }
            _ = try waiter.wait(atMost: step)
            step = min(step * 2, .milliseconds(50))
        }
    }

    private func diagnosis(
        _ activity: MainThreadActivity, _ isIdle: Bool, _ guardian: InspectorGuardian
    ) throws -> String {
        // While it runs something with execSync, the main thread waits in an event loop too, and not in Node's own.
        let sockets = try ListeningSockets.owned(by: target.handle)
        let mayWaitForChild = !isIdle && target.mayWaitForChild()
        // An event loop that had a turn has had the signal: nothing can open late.
        if isIdle { guardian.dismiss() }
        return InspectorOpening.diagnosis(
            isIdle: isIdle || activity.isInEventLoop, mayWaitForChild: mayWaitForChild, blockedIn: activity.blockedIn,
            portHolder: InspectorPort.holder(of: target, besides: sockets, certainly: false),
            port: port)
    }
}
