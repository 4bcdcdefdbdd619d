import HeapSnapshot
import NodeProcess

/// What a run tells while it goes on, and the report that it ends in.
final class DumpJournal {
    private var report: SnapshotReport
    private let observer: DumpObserver
    private let clock: any RunClock
    /// An inspector that this run opened and has not seen closed: told of at the end, as it is then.
    private var leftOpen: InspectorAccess.StillOpen?
    /// One that may open once more: a copy takes long enough for most event loops to turn.
    private var watched: InspectorAccess.Watched?
    private var phases: PhaseClock

    init(_ request: SnapshotRequest, by clock: any RunClock, observe: @escaping DumpObserver) {
        report = SnapshotReport(target: .init(pid: request.pid))
        if case .worker(let threadID) = request.thread { report.thread = threadID }
        observer = observe
        self.clock = clock
        phases = PhaseClock(now: clock.now)
    }

    /// Passes on what happens, and keeps what the report is to say of it.
    func observe(_ event: DumpEvent) {
        if case .warning(let text) = event { report.warnings.append(text) }
        observer(event)
    }

    func enter(_ phase: DumpPhase) {
        phases.enter(phase, now: clock.now)
        observe(.phase(phase))
    }

    func warn(_ text: String) { observe(.warning(text)) }

    func note(_ finding: DumpFinding) {
        switch finding {
        case .memory(let memory): report.memory = memory
        case .heap(let verdict, let heap): report.memory?.update(verdict, heap)
        case .signalled(let signal): report.signal = signal.name
        case .runtimeVersion(let version):
            report.target.runtimeVersion = report.target.runtime?.text(of: version)
        case .workers(let threadIDs): report.workers = threadIDs
        case .forked(let pause):
            report.forks = (report.forks ?? 0) + 1
            if report.method == .ptrace { report.forked = true }
            if let pause { report.pauseMilliseconds = max(report.pauseMilliseconds ?? 0, pause) }
        case .stopped(let milliseconds):
            report.stoppedMilliseconds = max(report.stoppedMilliseconds ?? 0, milliseconds)
        case .copyPeak(let bytes): report.forkPeakBytes = bytes
        case .groupPeak(let bytes): report.memory?.ownControlGroupPeakBytes = bytes
        case .inspectorClosed(let after, let watched):
            report.debugPortOpenMilliseconds = after.inMilliseconds
            report.debugPortLeftOpen = false
            // Of an earlier method, one may still be watched.
            self.watched = watched ?? self.watched
        case .inspectorLeftOpen(let open): leftOpen = open
        case .strangers(let strangers): tell(strangers)
        case .verdict(let verdict):
            report.verdict = verdict.name
            if case .valid(let counts) = verdict { record(counts) }
        }
    }

    func look(at target: TargetProcess) { report.target.fill(from: target) }

    /// A method begins.
    func begin(_ step: Plan.Step) {
        observe(.detail("method \(step.method.rawValue): \(step.reason)"))
        report.method = step.method
    }

    /// It has failed, and another may do better.
    func fail(_ refusals: [MethodRefusal]) {
        report.method = nil
        report.forked = nil
        report.failedMethods += refusals
    }

    /// None is left.
    func giveUp() {
        report.method = nil
        report.forked = nil
    }

    func end(_ published: PublishedSnapshot) {
        report.file = published.path
        published.warnings.forEach(warn)
    }

    func end(_ failure: DumpFailure, message: String) {
        report.exitCode = failure.exitCode
        report.error = message
        report.reasonCode = failure.code
        report.endsTheRun = failure.endsTheRun
        if case .invalid(let verdict, _) = failure { report.verdict = verdict.name }
        if case .noMethod(let refusals) = failure { report.refusals = refusals.map(\.reasonCode) }
    }

    private func tell(_ strangers: [Stranger]) {
        guard !strangers.isEmpty else { return }
        report.debugPortStrangers = (report.debugPortStrangers ?? []) + strangers
        warn(
            "somebody else connected to the debug port while it was open, and may have run code as the process's user: "
                + strangers.map(\.description).joined(separator: "; "))
    }

    private func tellWhatIsLeftOpen() {
        guard let leftOpen else { return }
        report.debugPortLeftOpen = leftOpen.isOpen
        guard leftOpen.isOpen else { return }
        warn(
            "the debug port \(leftOpen.socket.address):\(leftOpen.socket.port) that heapdump opened is still open: "
                + "\(leftOpen.reason). Users of this host can run code through it; a guardian process keeps trying to close it. "
                + "If it stays open, restart the process")
        if report.exitCode == .success { report.exitCode = .portLeftOpen }
    }

    /// Takes over what the validator counted.
    private func record(_ counts: SnapshotCounts) {
        report.bytes = counts.bytes
        report.nodes = counts.nodes
        report.edges = counts.edges
        report.strings = counts.strings
        report.totalSelfSize = counts.totalSelfSize
    }

    /// - Parameter bytes: of a snapshot that is not known to be valid.
    func finish(bytes: UInt64) -> SnapshotReport {
        if report.nodes == nil { report.bytes = bytes }
        _ = watched?.end(within: .milliseconds(200))
        tellWhatIsLeftOpen()
        if report.exitCode == .success, report.debugPortStrangers != nil { report.exitCode = .portLeftOpen }
        report.milliseconds = phases.finish(now: clock.now)
        return report
    }
}
