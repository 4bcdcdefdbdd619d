import HeapSnapshot
import NodeProcess

/// What a run tells while it goes on, and the report that it ends in.
final class DumpJournal {
    var report: SnapshotReport
    private let observer: DumpObserver
    /// An inspector that this run opened and has not seen closed: told of at the end, as it is then.
    var leftOpen: InspectorAccess.StillOpen?
    /// One that may open once more: a copy takes long enough for most event loops to turn.
    var watched: InspectorAccess.Watched?
    private var clock = PhaseClock()

    init(_ pid: Int32, observe: @escaping DumpObserver) {
        report = SnapshotReport(target: .init(pid: pid))
        observer = observe
    }

    /// Passes on what happens, and keeps what the report is to say of it.
    func observe(_ event: DumpEvent) {
        if case .warning(let text) = event { report.warnings.append(text) }
        observer(event)
    }

    func enter(_ phase: DumpPhase, _ waiter: Waiter) {
        waiter.phase = phase
        clock.enter(phase)
        observe(.phase(phase))
    }

    func warn(_ text: String) { observe(.warning(text)) }

    /// Of those who connected to the debug port while it was open.
    func tell(_ strangers: [Stranger]) {
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
    func record(_ counts: SnapshotCounts) {
        report.bytes = counts.bytes
        report.nodes = counts.nodes
        report.edges = counts.edges
        report.strings = counts.strings
        report.totalSelfSize = counts.totalSelfSize
    }

    func finish() -> SnapshotReport {
        _ = watched?.end(within: .milliseconds(200))
        tellWhatIsLeftOpen()
        if report.exitCode == .success, report.debugPortStrangers != nil { report.exitCode = .portLeftOpen }
        report.milliseconds = clock.finish()
        return report
    }
}
