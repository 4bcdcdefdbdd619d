import Glibc
import Inspector
import Linux
import NodeProcess

/// Gets a session with the target's inspector: the one that is open, or one opened by a single SIGUSR1.
struct InspectorOpener {
    let target: TargetProcess
    let request: SnapshotRequest
    let waiter: Waiter
    let loop: InspectorEventLoop
    let guardianCommand: [String]
    let observe: DumpObserver
    private let own = OwnConnections()

    /// How long a main thread that is busy may take: JavaScript is interrupted at once, native code is not.
    private static let patienceWhenBusy = Duration.seconds(10)
    /// Node takes 20 ms to install its handler where nothing else runs.
    private static let startUpTime = Duration.seconds(1)
    /// How long to wait for the end of a system call that the signal would break off.
    private static let callTime = Duration.seconds(1)

    private var finder: InspectorFinder {
        InspectorFinder(target: target.handle, runtime: target.executable.runtime, loop: loop, own: own) { [waiter] in
            _ = try waiter.wait(for: $0, atMost: $1)
        }
    }
    /// Where the inspector is or will be; nil where the kernel chooses.
    private var port: UInt16? { target.inspectorHints.port }

    func open() throws -> InspectorAccess {
        // For good, that is: one under strace stops for a moment at every system call.
        let facts = try lastLook(patience: .milliseconds(500))
        if let refusal = facts.standstill.refusal { throw refused(refusal) }
        if let found = try finder.find(among: ListeningSockets.owned(by: target.handle), likelyPort: port) {
            return try use(found)
        }
        guard target.executable.runtime == .node else {
            throw refused(.noInspectorAmongSockets)
        }
        let portLock = try DumpLock.acquire(portOf: target, request: request, waiter: waiter, observe: observe)
        try awaitHandler()
        // Anew: what the plan saw is old by now, and one that has just started may have opened its inspector meanwhile.
        let now = try lastLook(patience: Self.callTime)
        if let refusal = now.standstill.refusal ?? InspectorOpening.refusal(now) { throw refused(refusal) }
        return try openBySignal(now, portLock)
    }

    private func lastLook(patience: Duration) throws -> TargetFacts {
        try TargetFacts.readAccess(target, patience: patience, waiter)
    }

    private func use(_ found: FoundInspector) throws -> InspectorAccess {
        observe(.detail("the inspector is already open on port \(found.socket.port); it stays open"))
        return InspectorAccess(
            session: try finder.openSession(with: found), found: found, target: target.handle, opening: nil)
    }

    private func refused(_ refusal: Refusal) -> DumpFailure { .refused(.inspector, refusal) }

    /// A process that has just started catches SIGUSR1 a moment later; and Node blocks all signals while it starts a thread,
    /// that of the inspector for one.
    private func awaitHandler() throws {
        let end = ContinuousClock.now + Self.startUpTime
        while ContinuousClock.now < end {
            let signals = try target.currentSignals()
            if signals.caught.contains(signal: SIGUSR1), !signals.blocked.contains(signal: SIGUSR1) { return }
            _ = try waiter.wait(atMost: .milliseconds(20))
        }
    }

    private func openBySignal(_ facts: TargetFacts, _ portLock: DumpLock?) throws -> InspectorAccess {
        let present = try ListeningSockets.owned(by: target.handle)
        let guardian = try startGuardian(of: target, present: present)
        let workers = try WorkerGuardians.start(for: target, waiter) { worker, sockets in
            try startGuardian(of: worker, present: sockets)
        }
        let standardError = StandardErrorFile(target.handle)
        let threads = WaitingThreads(of: target.handle)
        let watch = PortWatch(of: target.handle, own: own)
        // Until the signal is announced, guardians that are let go of end at once.
        try awaitRest()
        try waiter.checkInterruption()
        guard case .runs = target.programState() else { throw DumpFailure.targetReplaced(waiter.phase) }
        guardian.announceSignal()
        workers.announceSignal()
        do {
            try target.handle.send(SIGUSR1)
        } catch {
            // Nothing was sent: nothing is to be guarded, and what somebody else opens later is not ours to close.
            guardian.dismiss()
            workers.dismiss()
            throw error
        }
        let opening = InspectorAccess.Opening(
            guardian: guardian, signalled: .now, port: port, portLock: portLock, present: Set(present),
            threads: threads, watch: watch)
        do {
            observe(.detail("sent SIGUSR1 to open the inspector"))
            let found = try awaitInspector(present: present, opening, facts, standardError)
            guard !present.contains(found.socket) else {
                guardian.dismiss()
                return try use(found)
            }
            watch.begin(port: found.socket.port)
            guardian.announceOpened(inode: found.socket.inode)
            observe(.detail("the inspector is open on port \(found.socket.port)"))
            let session = try finder.openSession(with: found, connected: guardian.entrust)
            return InspectorAccess(session: session, found: found, target: target.handle, opening: opening)
        } catch {
            guardian.takeOver()
            throw ended(error)
        }
    }

    /// Until the main thread sleeps, which it does all the time unless it is very busy. See `RestWatch`.
    private func awaitRest() throws {
        var watch = RestWatch(target.executable.version, now: .now)
        while true {
            let activity = try MainThreadActivity.read(target.handle)
            let calls = watch.isDelicate ? ThreadCalls.count(target.handle) : nil
            switch watch.take(activity, calls: calls, now: .now) {
            case .isOver: return
            case .neverRests: throw refused(.neverRests)
            case .goesOn: _ = try waiter.wait(atMost: .milliseconds(1))
            }
        }
    }

    private func startGuardian(of process: TargetProcess, present: [ListeningSocket]) throws -> InspectorGuardian {
        try InspectorGuardian.start(
            command: guardianCommand, target: process, present: Set(present.map(\.inode)),
            port: process.inspectorHints.port
        ) { descriptor throws(DumpFailure) in try waiter.wait(for: descriptor) }
    }

    /// A target that ends now ends by the signal, whatever it was that noticed.
    private func ended(_ error: any Error) -> any Error {
        switch DumpFailure(error) {
        case .targetDied, .targetReplaced, .process(.exited), .inspectorLost:
            guard target.handle.ends(within: .seconds(1)) else { return error }
            return DumpFailure.endedAfterSignal(ProcessEnding.of(target.handle))
        default: return error
        }
    }

    private func awaitInspector(
        present: [ListeningSocket], _ opening: InspectorAccess.Opening, _ facts: TargetFacts,
        _ standardError: StandardErrorFile?
    ) throws -> FoundInspector {
        var step = Duration.milliseconds(1)
        var late = LateOpening(signalled: opening.signalled)
        while true {
            let sockets = try ListeningSockets.owned(by: target.handle)
            let new = sockets.filter { !present.contains($0) }
            if let found = try finder.find(among: new, likelyPort: port) { return found }
            switch target.programState() {
            case .runs: break
            case .replaced: throw DumpFailure.targetReplaced(waiter.phase)
            case .ended: throw DumpFailure.targetDied(waiter.phase, bytes: 0)
            }
            let failure = standardError?.inspectorFailure()
            let isOver = try late.isOver(now: .now) { try .of(target.handle) { target.mayWaitForChild() } }
            if failure != nil || isOver || opening.signalled.duration(to: .now) > Self.patienceWhenBusy {
                // It may have been open from the start, and too slow to answer then.
                if let found = try finder.find(among: sockets, likelyPort: port) { return found }
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
        let seen = try LateOpening.Sight.of(target.handle) { target.mayWaitForChild() }
        var diagnosis = OpeningDiagnosis()
        diagnosis.loopTurned = late.hasTurned || seen.activity.isInEventLoop
        diagnosis.mayWaitForChild = !late.hasTurned && seen.mayWaitForChild
        diagnosis.blockedIn = seen.activity.blockedIn
        diagnosis.isHeldUp = !late.hasTurned && seen.isHeldUp
        diagnosis.portHolder = InspectorPort.holder(of: target, besides: sockets, certainly: false)
        diagnosis.port = port
        diagnosis.failure = failure
        diagnosis.hasNoHandler = facts.inspector.handledSignals.map { !$0.contains(signal: SIGUSR1) } ?? false
        return diagnosis
    }
}
