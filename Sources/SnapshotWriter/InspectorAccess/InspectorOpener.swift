import Glibc
import Inspector
import Linux
import NodeProcess

/// Gets a session with the target's inspector: the one that is open, or one opened by a single SIGUSR1.
struct InspectorOpener {
    let host: any InspectorHost
    let context: RunContext

    private var target: any LiveProcess { host.process }
    private var waiter: Waiter { context.waiter }

    /// How long a main thread that is busy may take: JavaScript is interrupted at once, native code is not.
    private static let patienceWhenBusy = Duration.seconds(10)
    /// Node takes 20 ms to install its handler where nothing else runs.
    private static let startUpTime = Duration.seconds(1)
    /// How long to wait for the end of a system call that the signal would break off.
    private static let callTime = Duration.seconds(1)

    func open() throws -> InspectorAccess {
        // For good, that is: one under strace stops for a moment at every system call.
        let facts = try host.readFacts(patience: .milliseconds(500))
        if let refusal = facts.standstill.refusal { throw refused(refusal) }
        if let found = try host.search.find(among: target.listeningSockets(), likelyPort: host.port) {
            return try use(found)
        }
        guard host.runtime == .node else { throw refused(.noInspectorAmongSockets) }
        let portLock = try host.lockPort()
        try awaitHandler()
        // Anew: what the plan saw is old by now, and one that has just started may have opened its inspector meanwhile.
        let now = try host.readFacts(patience: Self.callTime)
        if let refusal = now.standstill.refusal ?? InspectorOpening.refusal(now) { throw refused(refusal) }
        return try openBySignal(now, portLock)
    }

    private func use(_ found: FoundInspector) throws -> InspectorAccess {
        context.observe(.detail("the inspector is already open on port \(found.socket.port); it stays open"))
        return try access(to: found, by: host.search.openSession(with: found), nil)
    }

    private func access(
        to found: FoundInspector, by session: any InspectorChannel, _ opening: InspectorAccess.Opening?
    ) -> InspectorAccess {
        InspectorAccess(session: session, found: found, target: target, opening: opening, clock: context.clock)
    }

    private func refused(_ refusal: Refusal) -> DumpFailure { .refused(.inspector, refusal) }

    /// A process that has just started catches SIGUSR1 a moment later; and Node blocks all signals while it starts a thread,
    /// that of the inspector for one.
    private func awaitHandler() throws {
        let end = context.now + Self.startUpTime
        while context.now < end {
            let signals = try target.signals()
            if signals.caught.contains(signal: SIGUSR1), !signals.blocked.contains(signal: SIGUSR1) { return }
            _ = try waiter.wait(atMost: .milliseconds(20))
        }
    }

    private func openBySignal(_ facts: TargetFacts, _ portLock: AnyObject?) throws -> InspectorAccess {
        let present = try target.listeningSockets()
        let guardian = try host.startGuardian(present: present)
        let workers = try host.startWorkerGuardians()
        let before = host.lookBeforeSignal()
        // Until the signal is announced, guardians that are let go of end at once.
        try awaitRest()
        try waiter.checkInterruption()
        guard case .runs = target.programState() else { throw DumpFailure.targetReplaced(waiter.phase) }
        guardian.announceSignal()
        workers.announceSignal()
        do {
            try target.send(SIGUSR1)
        } catch {
            // Nothing was sent: nothing is to be guarded, and what somebody else opens later is not ours to close.
            guardian.dismiss()
            workers.dismiss()
            throw error
        }
        let opening = InspectorAccess.Opening(
            guardian: guardian, signalled: context.now, port: host.port, portLock: portLock, present: Set(present),
            before: before)
        do {
            context.observe(.detail("sent SIGUSR1 to open the inspector"))
            let found = try awaitInspector(opening, facts)
            guard !opening.present.contains(found.socket) else {
                guardian.dismiss()
                return try use(found)
            }
            before.watchPort(found.socket.port)
            guardian.announceOpened(inode: found.socket.inode)
            context.observe(.detail("the inspector is open on port \(found.socket.port)"))
            return try access(
                to: found, by: host.search.openSession(with: found, connected: guardian.entrust), opening)
        } catch {
            guardian.takeOver()
            throw ended(error)
        }
    }

    /// Until the main thread sleeps, which it does all the time unless it is very busy. See `RestWatch`.
    private func awaitRest() throws {
        var watch = RestWatch(host.version, now: context.now)
        while true {
            let activity = try target.activity()
            let calls = watch.isDelicate ? host.countCalls() : nil
            switch watch.take(activity, calls: calls, now: context.now) {
            case .isOver: return
            case .neverRests: throw refused(.neverRests)
            case .goesOn: _ = try waiter.wait(atMost: .milliseconds(1))
            }
        }
    }

    /// A target that ends now ends by the signal, whatever it was that noticed.
    private func ended(_ error: any Error) -> any Error {
        switch DumpFailure(error) {
        case .targetDied, .targetReplaced, .process(.exited), .inspectorLost:
            guard target.ends(within: .seconds(1), by: context.clock) else { return error }
            return DumpFailure.endedAfterSignal(target.ending())
        default: return error
        }
    }

    private func awaitInspector(
        _ opening: InspectorAccess.Opening, _ facts: TargetFacts
    ) throws -> FoundInspector {
        var step = Duration.milliseconds(1)
        var late = LateOpening(signalled: opening.signalled)
        while true {
            let sockets = try target.listeningSockets()
            let new = sockets.filter { !opening.present.contains($0) }
            if let found = try host.search.find(among: new, likelyPort: host.port) { return found }
            switch target.programState() {
            case .runs: break
            case .replaced: throw DumpFailure.targetReplaced(waiter.phase)
            case .ended: throw DumpFailure.targetDied(waiter.phase, bytes: 0)
            }
            let failure = opening.before.failure()
            let isOver = try late.isOver(now: context.now) { try .init(of: target) }
            if failure != nil || isOver || opening.signalled.duration(to: context.now) > Self.patienceWhenBusy {
                // It may have been open from the start, and too slow to answer then.
                if let found = try host.search.find(among: sockets, likelyPort: host.port) { return found }
                let diagnosis = try diagnosis(facts, late, failure, sockets)
                if diagnosis.isFinal { opening.guardian.dismiss() }
                throw refused(diagnosis.refusal)
            }
            _ = try waiter.wait(atMost: step)
            step = min(step * 2, .milliseconds(50))
        }
    }

    private func diagnosis(
        _ facts: TargetFacts, _ late: LateOpening, _ failure: String?, _ sockets: [ListeningSocket]
    ) throws -> OpeningDiagnosis {
        let seen = try LateOpening.Sight(of: target)
        var diagnosis = OpeningDiagnosis()
        diagnosis.loopTurned = late.hasTurned || seen.activity.isInEventLoop
        diagnosis.mayWaitForChild = !late.hasTurned && seen.mayWaitForChild
        diagnosis.blockedIn = seen.activity.blockedIn
        diagnosis.isHeldUp = !late.hasTurned && seen.isHeldUp
        diagnosis.portHolder = host.portHolder(besides: sockets)
        diagnosis.port = host.port
        diagnosis.failure = failure
        diagnosis.hasNoHandler = facts.inspector.handledSignals.map { !$0.contains(signal: SIGUSR1) } ?? false
        return diagnosis
    }
}
