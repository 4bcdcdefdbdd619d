import HeapAnalysis
import HeapReport
import SnapshotWriter

/// What goes into the report page: the summary as in JSON, with lists of their own lengths, and what the page alone shows.
struct ReportContent: Encodable {
    var summary: SummaryReport
    /// nil where they are neither many nor much.
    var arrayBuffersSentence: String?
    var heapdumpVersion = HeapdumpVersion.number
    /// When the report was made, in ISO 8601.
    var created: String?
    var origin = Origin()
    var treemap: Box
    /// Against an older snapshot, if there is one.
    var growth: Growth?
    /// What was not done, or is approximate.
    var notes: [String]

    /// What was seen of the program and the file; nil for what was not.
    struct Origin: Encodable {
        /// Path of the program's main script.
        var script: String?
        /// Name and version of what runs it.
        var runtime: String?
        /// When the file was last changed, in ISO 8601.
        var changed: String?
    }

    /// What changed since an older snapshot.
    struct Growth: Encodable {
        var baseFile: String
        /// When it was last changed, in ISO 8601; nil if that is not known.
        var baseChanged: String?
        var baseTotalSize, totalSize: UInt64
        var classes: [ClassDiff]
        /// Whether an id means the same object in both: else nobody knows which objects are new.
        var idsMatch: Bool
        /// What grew, and what holds it.
        var grown: [HeapDiff.Growth]
    }
}

extension ReportContent {
    fileprivate static let lengths = ListLengths(
        classes: 3000, strings: 200, functions: 200, contents: 8, owners: 0, hiddenClasses: 0, detached: 200)

    /// - Parameters:
    ///   - changed: when the file was last changed, in ISO 8601.
    ///   - notes: of the snapshots that were read.
    init(
        _ opened: AnalysisInput.Opened, _ summary: HeapSummary, _ growth: Growth?, created: String, changed: String?,
        notes: [String]
    ) {
        let program = opened.analysis.programFacts()
        self.summary = SummaryReport(opened, summary, Self.lengths)
        arrayBuffersSentence = summary.arrayBuffers.map { buffers in
            "\(ArrayBufferText.title(buffers)): \(ArrayBufferText.groups(buffers).joined(separator: "; "))"
        }
        self.created = created
        origin = Origin(script: program?.script, runtime: program?.runtime, changed: changed)
        treemap = Box(opened.analysis.treemap())
        self.growth = growth
        self.notes = notes + Self.notes(summary)
    }

    private static func notes(_ summary: HeapSummary) -> [String] {
        var notes: [String] = []
        if summary.classes.count > lengths.classes {
            notes.append("The page lists the \(lengths.classes) largest of \(summary.classes.count) classes.")
        }
        if !summary.hiddenClasses.isEmpty {
            notes.append(
                "\(summary.hiddenClasses.count) classes are not shown, as in DevTools, since others bear the same names."
            )
        }
        return notes
    }

    /// The page. Half surrogate pairs in it are U+FFFD.
    func page() throws -> [UInt8] { ReportPage.render(json: HeapText.readable(try JSONLine.encoded(self))) }
}

extension ReportContent.Growth {
    /// - Parameter changed: when the older file was last changed, in ISO 8601.
    init(_ file: String, changed: String?, _ statistics: HeapStatistics, _ diff: HeapDiff) {
        self.init(
            baseFile: file, baseChanged: changed, baseTotalSize: statistics.totalSize, totalSize: diff.totalSize,
            classes: Array(diff.classes.prefix(ReportContent.lengths.classes)), idsMatch: !diff.hasUnrelatedIDs,
            grown: diff.growth)
    }
}

extension ReportContent {
    /// An object and what it alone keeps alive, or some objects of one class: a part of the treemap.
    /// Bounded in depth by the analysis: it is written as nested JSON, of which many readers take 512 levels.
    struct Box: Encodable {
        /// nil for several objects.
        var id: UInt64?
        var name, `class`: String
        var shallowSize, retainedSize: UInt64
        /// The largest first.
        var children: [Box] = []
        /// Objects that are dominated as the children are, and not listed.
        var othersCount: UInt64 = 0
        var othersSize: UInt64 = 0
    }
}

extension ReportContent.Box {
    init(_ node: TreemapNode) {
        let groups = node.groups.map { group in
            Self(
                name: "\(Printable.count(group.count)) × \(group.class)", class: group.class,
                shallowSize: group.shallowSize, retainedSize: group.retainedSize)
        }
        self.init(
            id: node.object.id, name: HeapTextPrinter.object(node.object, longest: 100), class: node.object.class,
            shallowSize: node.object.shallowSize, retainedSize: node.object.retainedSize,
            children: (node.children.map(Self.init) + groups).sorted { $0.retainedSize > $1.retainedSize },
            othersCount: node.othersCount, othersSize: node.othersSize)
    }
}
