@testable import HeapAnalysis
@testable import HeapdumpCommands

/// Reports of made-up heaps.
enum SampleReport {
    /// What a program may have named its classes, or have put into its strings, and what would do harm as markup.
    static let hostileTexts = [
        "</script><script>window.pwned=1</script>",
        "<img src=x onerror=\"window.pwned=1\">",
        "<!-- --> ]]>",
        "{{script}}{{data}}",
        "javascript:window.pwned=1",
        "a\u{202E}b\u{2066}c\u{200F}d\u{061C}e",
        "line\none\r\ttwo\u{0000}\u{001B}[31m\u{0085}",
        "zero\u{200B}width\u{FEFF}\u{2028}\u{2029}",
        "z" + String(repeating: "\u{0301}", count: 60),
        "\u{05E9}\u{05DC}\u{05D5}\u{05DD}",
        String(repeating: "x", count: 1000),
        "",
    ]

    static let plain = report(names: ["Session", "Map", "Array", "(closure)"], classCount: 4)

    /// As many classes as a large program has, and names that nobody would choose.
    static let hostile = report(
        names: hostileTexts + (0..<100).map { "Session\($0)" }, classCount: 3000, file: "<b>&amp;\u{202E}.heapsnapshot")

    static let empty = report(names: [], classCount: 0, file: "")

    static func object(
        _ id: UInt64, _ name: String, _ className: String, type: String = "object", distance: Int32 = 3
    ) -> HeapObject {
        HeapObject(
            ordinal: 0, id: id, name: name, class: className, type: type, shallowSize: 32, retainedSize: 70_000,
            distance: distance)
    }

    private static func report(names: [String], classCount: Int, file: String = "a.heapsnapshot") -> ReportContent {
        func name(_ index: Int) -> String { names.isEmpty ? "" : names[index % names.count] }
        func script(_ index: Int) -> String { "/srv/app/\(name(index)).js" }
        func object(_ index: Int) -> HeapObject { Self.object(UInt64(index), name(index), name(index + 1)) }
        let path = RetainingPath(
            steps: (1..<30).map {
                .init(edge: $0 == 1 ? nil : ".\(name($0))", object: object($0), omitted: $0 == 20 ? 61 : nil)
            }, variable: nil, cycle: nil)
        let some = Array(names.prefix(12))
        func function(_ name: String, script: String?) -> FunctionSummary {
            FunctionSummary(function: name, script: script, count: 3, shallowSize: 30, retainedSize: 300)
        }
        let whole: UInt64 = names.isEmpty ? 0 : 100_000_000
        let classes = (0..<classCount).map { index in
            let size = UInt64(90_000_000 / (index + 1))
            return ClassSummary(
                name: name(index), scriptID: 7, script: index.isMultiple(of: 2) ? script(index) : nil, line: 12,
                column: 3, count: UInt64(index), shallowSize: size / 4, retainedSize: size, distance: Int32(index % 9))
        }
        let summary = SummaryReport(
            file: file, bytes: whole, nodes: whole / 81, edges: whole / 20, strings: whole / 1250, totalSize: whole,
            statistics: statistics(whole),
            suspects: some.map {
                .init(
                    sentence: "Objects of \($0) pile up.", kind: "collection", class: $0, count: 12,
                    retainedSize: 40_000_000, share: 0.4, holder: object(3), path: path, classCount: 12,
                    classes: [
                        .init(class: $0, count: 12, shallowSize: 480), .init(class: name(3), count: 9, shallowSize: 90),
                    ])
            },
            alsoMany: some.map { .init(sentence: "9,000 listeners on \($0)", kind: "listeners", count: 9000) },
            classCount: names.isEmpty ? 0 : classCount + 1000, classes: classes, hiddenClasses: [],
            biggestObjects: names.indices.prefix(20).map { .init(object: object($0), path: path) },
            duplicateStringCount: names.count, duplicateStringsWastedSize: whole / 50,
            duplicateStrings: names.map {
                .init(value: $0, isCut: $0.isEmpty, count: 90, size: 9000, retainedSize: 9000, wastedSize: 8900)
            },
            closures: some.map { function($0, script: nil) }, contexts: some.map { function($0, script: $0) },
            detached: some.map { .init(name: $0, count: 3, retainedSize: 300) }, workerThreads: 0, warnings: [])
        let growth = ReportContent.Growth(
            baseFile: file, baseChanged: "2026-01-01T03:00:00Z", baseTotalSize: 60_000_000, totalSize: whole,
            classes: classes.prefix(200).map {
                ClassDiff(
                    name: $0.name, script: $0.script, addedCount: 9, removedCount: 4, countDelta: 5, addedSize: 900,
                    removedSize: 1300, sizeDelta: -400, baseRetainedSize: $0.retainedSize / 2,
                    retainedSize: $0.retainedSize, retainedDelta: Int64($0.retainedSize / 2))
            },
            idsMatch: true,
            grown: [.init(class: name(0), counts: [9, 90], retainedSizes: [900, 9000], path: path)])
        return ReportContent(
            summary: summary, arrayBuffersSentence: some.first.map { "9 ArrayBuffers: 9 of \($0)" },
            heapdumpVersion: "1.0.0", created: names.isEmpty ? nil : "2026-01-02T03:04:05Z",
            origin: names.isEmpty
                ? .init()
                : .init(script: script(0), runtime: "Node \(name(1))", changed: "2026-01-02T03:00:00Z"),
            treemap: tree(size: whole, levels: names.isEmpty ? 0 : 5, name: name),
            growth: names.isEmpty ? nil : growth, notes: some.map { "Not looked at: \($0)" })
    }

    /// Of which the parts are the whole.
    private static func statistics(_ whole: UInt64) -> HeapStatistics {
        HeapStatistics(
            totalSize: whole, v8HeapSize: whole / 10 * 9, nativeSize: whole / 10, codeSize: whole / 10,
            stringsSize: whole / 5, jsArraysSize: whole / 20, typedArraysSize: whole / 20, systemSize: whole / 10,
            otherJSObjectsSize: whole / 20 * 9, otherNativeSize: whole / 20)
    }

    /// Each object keeps a few smaller ones alive, and many that are not listed.
    private static func tree(size: UInt64, levels: Int, name: (Int) -> String) -> ReportContent.Box {
        let children = levels == 0 ? [] : (2..<8).map { tree(size: size / (2 * $0), levels: levels - 1, name: name) }
        return .init(
            id: size, name: name(levels + children.count), class: name(levels), shallowSize: size / 50,
            retainedSize: size, children: children, othersCount: size == 0 ? 0 : 100, othersSize: size / 20)
    }
}
