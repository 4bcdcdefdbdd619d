import HeapSnapshot
import NodeProcess

/// What a run tells while it goes on, and the report that it ends in.
final class DumpJournal {
    var report: SnapshotReport
    let observe: DumpObserver
    private var clock = PhaseClock()

    init(_ pid: Int32, observe: @escaping DumpObserver) {
        report = SnapshotReport(target: .init(pid: pid))
        self.observe = observe
    }

    func enter(_ phase: DumpPhase, _ waiter: Waiter) {
        waiter.phase = phase
        clock.enter(phase)
        observe(.phase(phase))
    }

    func warn(_ text: String) {
        report.warnings.append(text)
        observe(.warning(text))
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
        report.milliseconds = clock.finish()
        return report
    }
}
