import ArgumentParser
import HeapAnalysis
import NodeProcess
import SnapshotWriter

/// What `diff --fail-if` found.
struct FailVerdict {
    let failed: [FailedCondition]
    /// Sentences about classes that neither snapshot has, which may be mistyped.
    let notes: [String]

    /// - Parameters:
    ///   - base: of the first snapshot.
    ///   - diff: with the totals of the conditions' classes.
    init(_ conditions: [FailCondition], _ base: HeapStatistics, _ diff: HeapDiff) {
        var failed: [FailedCondition] = []
        var notes: [String] = []
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
            if let name = condition.className, totals?.isKnown == false {
                let note =
                    "no snapshot has an object of the class \(name), so it grew by 0; "
                    + "heapdump summary --json --all lists all classes"
                if !notes.contains(note) { notes.append(note) }
            }
        }
        self.failed = failed
        self.notes = notes
    }

    /// Says on standard error what matched, and with which figures.
    /// - Throws: the exit status, if anything matched.
    func tell() throws {
        for note in notes { StandardStreams.error.write(line: "note: \(TerminalText.escaped(note))") }
        for condition in failed { StandardStreams.error.write(line: "heapdump: " + condition.text) }
        if !failed.isEmpty { throw ArgumentParser.ExitCode(SnapshotWriter.ExitCode.growthFound.rawValue) }
    }
}
