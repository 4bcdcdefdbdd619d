import HeapSnapshot
import Testing

@testable import HeapAnalysis
@testable import HeapdumpCommands

/// What is printed of heaps that no program has: it ends in text, whatever the numbers, and none of it is too wide.
struct RenderingTests {
    private static func opened(_ heap: HostileHeap, interfaces: [Interface]? = nil) throws -> AnalysisInput.Opened {
        let bytes = Array(heap.text.utf8)
        let collector = SnapshotCollector(documentBytes: UInt64(bytes.count))
        var validator = SnapshotValidator(into: collector)
        bytes.withUnsafeBytes { validator.feed($0) }
        guard case .valid(let counts) = validator.finish() else { throw HeapAnalysis.OutOfMemory() }
        let loaded = LoadSnapshot.Loaded(columns: try collector.finish(), counts: counts, notes: [])
        return .init(
            file: "file", loaded: loaded,
            analysis: try HeapAnalysis(loaded.columns, interfaces: interfaces, isSummarized: true))
    }

    private static func heap(_ seed: UInt64) -> HostileHeap {
        var random = Random(state: seed)
        return HostileHeap(
            (0..<Int(random.next() >> 33 % 400 + 1)).map { _ in UInt8(truncatingIfNeeded: random.next() >> 40) })
    }

    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    @Test(arguments: 0..<60 as Range<UInt64>)
    func endsInText(seed: UInt64) throws {
        let opened = try Self.opened(Self.heap(seed))
        let summary = try opened.summary()
        for width in [20, 80] {
            let lines = SummaryText(summary: summary, width: width).long().flatMap { $0.split(separator: "\n") }
            #expect(width < 80 || lines.allSatisfy { TextWidth.of(String($0)) <= width }, "seed \(seed)")
        }
        #expect(JSONLine.text(SummaryReport(opened, summary, .all)).hasSuffix("}"))
        let older = try Self.opened(Self.heap(seed + 1000), interfaces: opened.analysis.interfaces)
        let vocabulary = PathVocabulary()
        let base = try DiffBase(older.analysis, vocabulary)
        let diff = try HeapDiff(base, opened.analysis, vocabulary, byIDs: true)
        _ = DiffText(diff: diff, base: base.statistics, now: opened.analysis.statistics, width: 80).lines()
        let report = DiffReport(["base", "file"], base.statistics, diff, [], all: true)
        #expect(JSONLine.text(report).hasSuffix("}"))
        let growth = ReportContent.Growth("base", changed: nil, base.statistics, diff)
        let content = ReportContent(opened, summary, growth, created: "now", changed: nil, notes: [])
        #expect(try content.page().count > 1000)
        let query = try opened.query()
        for node in stride(from: 0, to: opened.loaded.columns.nodeCount, by: 17) {
            _ = HeapTextPrinter.path(query.path(to: node), indent: "  ", width: 80)
            for reference in Array(query.direct(of: node)).prefix(3)
                + Array(opened.analysis.references(of: node)).prefix(3)
            {
                _ = HeapTextPrinter.line(reference.object, edge: reference.edge, indent: "", width: 40)
            }
        }
    }

    /// The private-use characters of plane 16 are a heap's own; so may a path hold them.
    @Test(arguments: [
        ("\u{10F800}", "\u{10F800}"), ("\u{10FFFE}\u{10FFFE}", "\u{10FFFE}"), ("\u{10FFFE}\u{10F83D}", #"\ud83d"#),
        ("\u{202E}", #"\u202e"#),
    ])
    func writesCharactersAsTheyAre(text: String, expected: String) {
        #expect(JSONLine.text([text]) == "[\"\(expected)\"]")
    }
}
