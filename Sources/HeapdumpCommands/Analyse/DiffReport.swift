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
    var classes: [Class]
    /// Those whose objects stayed, and hold more or less.
    var retainedOnly: [Class]
    var growth: [Growth]
    /// Only if there are conditions.
    var failed: [FailedCondition]?
    var warnings: [String]

    init(
        _ files: [String], _ statistics: HeapStatistics, _ opened: AnalysisInput.Opened, _ diff: HeapDiff,
        failed: [FailedCondition]? = nil, _ warnings: [String], all: Bool, byIDs: Bool
    ) {
        base = files[0]
        file = opened.file
        self.files = files.count > 2 ? files : nil
        idsMatch = !diff.hasUnrelatedIDs
        let byIDs = byIDs || idsMatch
        baseTotalSize = statistics.totalSize
        totalSize = opened.analysis.statistics.totalSize
        func list(_ classes: [ClassDiff]) -> [Class] {
            classes.prefix(all ? .max : SummaryReport.shortLength).map { Class($0, diff.scripts, byIDs: byIDs) }
        }
        func hasOthers(_ row: ClassDiff) -> Bool {
            byIDs ? row.hasOtherObjects : row.countDelta != 0 || row.sizeDelta != 0
        }
        classCount = diff.classes.count(where: hasOthers)
        classes = list(diff.classes.filter(hasOthers))
        retainedOnly = list(diff.classes.filter { !hasOthers($0) && $0.retainedDelta != 0 })
        growth = diff.growth.map { growth in
            Growth(
                path: SummaryReport.PathStep.list(growth.path), class: growth.className, counts: growth.counts,
                retainedSizes: growth.sizes, countDelta: growth.countDelta, retainedDelta: growth.sizeDelta)
        }
        self.failed = failed
        self.warnings = warnings
    }

    struct Class: Encodable {
        var name: String
        var scriptID: UInt32?
        var script: String?
        var line, column: UInt32?
        var addedCount, removedCount: UInt64?
        var countDelta: Int64
        var addedSize, removedSize: UInt64?
        var sizeDelta: Int64
        var baseRetainedSize, retainedSize: UInt64
        var retainedDelta: Int64

        init(_ diff: ClassDiff, _ scripts: ScriptNames, byIDs: Bool) {
            name = diff.name
            scriptID = diff.location?.scriptID
            script = scripts[diff.location]
            line = diff.location?.line
            column = diff.location?.column
            addedCount = byIDs ? diff.addedCount : nil
            removedCount = byIDs ? diff.removedCount : nil
            countDelta = diff.countDelta
            addedSize = byIDs ? diff.addedSize : nil
            removedSize = byIDs ? diff.removedSize : nil
            sizeDelta = diff.sizeDelta
            baseRetainedSize = diff.baseRetainedSize
            retainedSize = diff.retainedSize
            retainedDelta = diff.retainedDelta
        }
    }

    struct Growth: Encodable {
        var path: [SummaryReport.PathStep]
        var `class`: String
        /// One for each snapshot, the oldest first.
        var counts, retainedSizes: [UInt64]
        var countDelta, retainedDelta: Int64
    }
}
