import ArgumentParser
import HeapAnalysis
import NodeProcess
import SnapshotWriter

/// What `diff --fail-if` found.
struct FailVerdict {
    let failed: [FailedCondition]
    /// Of expressions that look at a class that no snapshot knows: its name may be mistyped, and then nothing is watched.
    let warnings: [Warning]

    struct Warning {
        let expression: String
        let reason: String

        /// For JSON.
        var text: String { "\(subject): \(reason)" }
        /// One line for people.
        var line: String { TerminalText.escaped("\(subject): warning: \(reason)") }
        private var subject: String { "--fail-if '\(expression)'" }
    }

    /// - Parameters:
    ///   - base: of the first snapshot.
    ///   - diff: with the totals of the conditions' classes.
    init(_ conditions: [FailCondition], _ base: HeapStatistics, _ diff: HeapDiff) {
        var failed: [FailedCondition] = []
        var warnings: [Warning] = []
        for condition in conditions {
            // All classes that are asked for have totals.
            let totals = condition.className.flatMap { diff.totals[$0] }
            let (from, to) =
                switch (totals, condition.measure) {
                case (nil, _): (base.totalSize, diff.totalSize)
                case (let totals?, .count): (totals.baseCount, totals.count)
                case (let totals?, .size): (totals.baseSize, totals.size)
                case (let totals?, .retained): (totals.baseRetainedSize, totals.retainedSize)
                }
            if condition.matches(from: from, to: to) { failed.append(FailedCondition(condition, from: from, to: to)) }
            if let name = condition.className, let totals, !totals.isKnown {
                warnings.append(Warning(expression: condition.expression, reason: Self.doubt(name, totals)))
            }
        }
        self.failed = failed
        self.warnings = warnings
    }

    private static func doubt(_ name: String, _ totals: ClassTotals) -> String {
        "neither a class nor a function is called \(name) in these snapshots, so it grew by 0; "
            + (totals.nearName.map { "do you mean \($0)?" } ?? "heapdump summary --json --all lists all classes")
    }

    /// Says on standard error what matched, and with which figures.
    /// - Throws: the exit status, if anything matched.
    func tell() throws {
        for warning in warnings { StandardStreams.error.write(line: warning.line) }
        for condition in failed { StandardStreams.error.write(line: "heapdump: " + condition.text) }
        if !failed.isEmpty { throw ArgumentParser.ExitCode(SnapshotWriter.ExitCode.growthFound.rawValue) }
    }
}
