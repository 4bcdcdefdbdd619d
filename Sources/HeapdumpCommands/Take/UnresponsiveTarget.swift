import NodeProcess
import NodeStack
import SnapshotWriter

/// Says what a target is doing that did not answer, so that the reader need not find out.
enum UnresponsiveTarget {
    /// Failures that a busy or blocked main thread explains.
    private static let codes: Set<ReasonCode> = [
        .stalled, .tooSlow, .runTimedOut, .busyAfterSignal, .heldUpAfterSignal, .neverRests, .callWouldBreak,
        .callWouldBreakBySignal, .waitsForChild, .nothingAppeared, .notOpened, .stopped, .frozen,
    ]

    /// - Returns: nil if the dump has not failed for such a reason, or if nothing more can be seen.
    static func note(on report: SnapshotReport, startTime: UInt64?) -> String? {
        guard isUnresponsive(report), let sample = sample(report.target.pid, startTime) else { return nil }
        return
            "process \(report.target.pid), main thread: \(TerminalText.escaped(sample.activity.text)); heapdump stack \(report.target.pid) shows its frames"
    }

    static func isUnresponsive(_ report: SnapshotReport) -> Bool {
        guard !report.hasSnapshot else { return false }
        let reasons = report.failedMethods.map(\.reasonCode) + report.refusals + [report.reasonCode].compactMap { $0 }
        return reasons.contains { codes.contains($0) }
    }

    private static func sample(_ pid: Int32, _ startTime: UInt64?) -> ThreadSample? {
        try? BoundedLook.run(at: pid) {
            try StackLook(TargetProcess.read(ProcessHandle(pid: pid, startTime: startTime))).sample(pid)
        }
    }
}
