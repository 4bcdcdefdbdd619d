import HeapAnalysis

/// What `diff --json` prints, documented in the README. Sizes are in bytes.
struct DiffReport: Encodable {
    var base, file: String
    var baseTotalSize, totalSize: UInt64
    var classCount: Int
    /// Those of which objects came or went: the rows of DevTools' comparison.
    var classes: [Class]
    /// Those whose objects stayed, and hold more or less.
    var retainedOnly: [Class]
    var growth: [Growth]
    var warnings: [String]

    enum CodingKeys: String, CodingKey {
        case base, file, classes, growth, warnings
        case baseTotalSize = "base_total_size"
        case totalSize = "total_size"
        case classCount = "class_count"
        case retainedOnly = "retained_only"
    }

    init(
        _ base: String, _ statistics: HeapStatistics, _ opened: AnalysisInput.Opened, _ diff: HeapDiff,
        _ warnings: [String], all: Bool
    ) {
        self.base = base
        file = opened.file
        baseTotalSize = statistics.totalSize
        totalSize = opened.analysis.statistics.totalSize
        func list(_ classes: [ClassDiff]) -> [Class] {
            classes.prefix(all ? .max : SummaryReport.shortLength).map { Class($0, diff.scripts) }
        }
        classCount = diff.classes.count { $0.hasOtherObjects }
        classes = list(diff.classes.filter(\.hasOtherObjects))
        retainedOnly = list(diff.classes.filter { !$0.hasOtherObjects })
        growth = diff.growth.map {
            Growth(changes: Class($0.diff, diff.scripts), path: SummaryReport.PathStep.list($0.path))
        }
        self.warnings = warnings
    }

    struct Class: Encodable {
        var name: String
        var scriptID: UInt32?
        var script: String?
        var line, column: UInt32?
        var addedCount, removedCount: UInt64
        var countDelta: Int64
        var addedSize, removedSize: UInt64
        var sizeDelta: Int64
        var baseRetainedSize, retainedSize: UInt64
        var retainedDelta: Int64

        enum CodingKeys: String, CodingKey {
            case name, script, line, column
            case scriptID = "script_id"
            case addedCount = "added_count"
            case removedCount = "removed_count"
            case countDelta = "count_delta"
            case addedSize = "added_size"
            case removedSize = "removed_size"
            case sizeDelta = "size_delta"
            case baseRetainedSize = "base_retained_size"
            case retainedSize = "retained_size"
            case retainedDelta = "retained_delta"
        }

        init(_ diff: ClassDiff, _ scripts: ScriptNames) {
            name = diff.name
            scriptID = diff.location?.scriptID
            script = scripts[diff.location]
            line = diff.location?.line
            column = diff.location?.column
            addedCount = diff.addedCount
            removedCount = diff.removedCount
            countDelta = diff.countDelta
            addedSize = diff.addedSize
            removedSize = diff.removedSize
            sizeDelta = diff.sizeDelta
            baseRetainedSize = diff.baseRetainedSize
            retainedSize = diff.retainedSize
            retainedDelta = diff.retainedDelta
        }
    }

    struct Growth: Encodable {
        var changes: Class
        var path: [SummaryReport.PathStep]

        enum CodingKeys: String, CodingKey {
            case changes = "class"
            case path
        }
    }
}
