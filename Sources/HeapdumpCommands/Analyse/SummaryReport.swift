import HeapAnalysis

/// What `summary --json` prints, documented in the README, and what the report page shows of one snapshot. Sizes are in bytes.
struct SummaryReport: Encodable {
    var file: String
    var bytes, nodes, edges, strings: UInt64
    var totalSize: UInt64
    var statistics: HeapStatistics
    var suspects: [Suspect]
    var alsoMany: [Many]
    var arrayBuffers: ArrayBuffers?
    var classCount: Int
    var classes, hiddenClasses: [ClassSummary]
    var biggestObjects: [HeapSummary.BigObject]
    var duplicateStringCount: Int
    var duplicateStringsWastedSize: UInt64
    var duplicateStrings: [DuplicateString]
    var closures, contexts: [FunctionSummary]
    var detached: [HeapSummary.DetachedSummary]
    var workerThreads: Int
    var warnings: [String]
}

extension SummaryReport {
    init(_ opened: AnalysisInput.Opened, _ summary: HeapSummary, _ lengths: ListLengths) {
        let counts = opened.loaded.counts
        file = opened.file
        (bytes, nodes, edges, strings) = (counts.bytes, counts.nodes, counts.edges, counts.strings)
        totalSize = summary.statistics.totalSize
        statistics = summary.statistics
        suspects = summary.suspects.map { Suspect($0, contents: lengths.contents) }
        alsoMany = summary.many.map(Many.init)
        arrayBuffers = summary.arrayBuffers.map { ArrayBuffers($0, groups: lengths.owners) }
        classCount = summary.classes.count
        classes = Array(summary.classes.prefix(lengths.classes))
        hiddenClasses = Array(summary.hiddenClasses.prefix(lengths.hiddenClasses))
        biggestObjects = summary.biggestObjects
        duplicateStringCount = summary.duplicateStrings.count
        duplicateStringsWastedSize = summary.duplicateStrings.wastedSize
        duplicateStrings = Array(summary.duplicateStrings.prefix(lengths.strings))
        closures = Array(summary.closures.prefix(lengths.functions))
        contexts = Array(summary.contexts.prefix(lengths.functions))
        detached = Array(summary.detached.prefix(lengths.detached))
        workerThreads = summary.workerCount
        warnings = opened.loaded.notes
    }

    struct Suspect: Encodable {
        var sentence, kind, `class`: String
        var count, retainedSize: UInt64
        /// Of the heap, from 0 to 1.
        var share: Double
        var anchor: Anchor?
        var holder: HeapObject?
        var path: RetainingPath
        /// Of all that it consists of.
        var classCount: Int
        var classes: [SuspectContents.Part]
    }
}

extension SummaryReport.Suspect {
    /// - Parameter contents: how many classes to list.
    init(_ suspect: LeakSuspect, contents: Int) {
        sentence = SuspectText.sentence(suspect)
        kind = SuspectText.kind(suspect)
        `class` = suspect.className
        (count, retainedSize, share) = (suspect.count, suspect.retainedSize, suspect.share)
        anchor = Anchor(suspect.path, suspect.code)
        (holder, path) = (suspect.holder, suspect.path)
        classCount = suspect.contents.count
        classes = Array(suspect.contents.prefix(contents))
    }
}
