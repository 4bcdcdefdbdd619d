import HeapAnalysis

/// What `diff --json` prints, documented in the README. Sizes are in bytes.
struct DiffReport: Encodable {
    var base, file: String
    /// Where there are more than two.
    var files: [String]?
    /// Whether an id means the same object in both: what depends on that is left out otherwise.
    var idsMatch: Bool
    var baseTotalSize, totalSize: UInt64
    var classCount: Int
    /// Those of which objects came or went: the rows of DevTools' comparison.
    var classes: [ClassDiff]
    /// Those whose objects stayed, and hold more or less.
    var retainedOnly: [ClassDiff]
    var growth: [HeapDiff.Growth]
    /// Only if there are conditions.
    var failed: [FailedCondition]?
    var warnings: [String]

    init(
        _ files: [String], _ statistics: HeapStatistics, _ diff: HeapDiff, failed: [FailedCondition]? = nil,
        _ warnings: [String], all: Bool
    ) {
        base = files[0]
        file = files[files.count - 1]
        self.files = files.count > 2 ? files : nil
        idsMatch = !diff.hasUnrelatedIDs
        baseTotalSize = statistics.totalSize
        totalSize = diff.totalSize
        func list(_ classes: [ClassDiff]) -> [ClassDiff] {
            Array(classes.prefix((all ? ListLengths.all : .short).classes))
        }
        let others = diff.classes.filter(\.hasOtherObjects)
        classCount = others.count
        classes = list(others)
        retainedOnly = list(diff.classes.filter { !$0.hasOtherObjects && $0.retainedDelta != 0 })
        growth = diff.growth
        self.failed = failed
        self.warnings = warnings
    }
}
