import HeapReport

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

    static let empty = ReportData(
        file: "", bytes: 0, heapdumpVersion: "1.0.0", nodes: 0, edges: 0, strings: 0, totalSize: 0,
        statistics: .init(
            totalSize: 0, codeSize: 0, stringsSize: 0, jsArraysSize: 0, typedArraysSize: 0, systemSize: 0,
            otherJsObjectsSize: 0, otherNativeSize: 0),
        suspects: [], classes: [], classCount: 0, biggestObjects: [], duplicateStrings: [],
        duplicateStringsWastedSize: 0, detached: .init(contexts: [], closures: [], other: []),
        treemap: .init(name: "", shallowSize: 0, retainedSize: 0, children: [], othersCount: 0, othersSize: 0),
        notes: [])

    private static func report(names: [String], classCount: Int, file: String = "a.heapsnapshot") -> ReportData {
        func name(_ index: Int) -> String { names[index % names.count] }
        func script(_ index: Int) -> String { "/srv/app/\(name(index)).js" }
        func step(_ index: Int, edge: String?) -> ReportData.PathStep {
            .init(edge: edge, id: UInt64(index), name: name(index), className: name(index + 1), retainedSize: 5000)
        }
        let path = [step(1, edge: nil)] + (2..<30).map { step($0, edge: ".\(name($0))") }
        func object(_ index: Int) -> ReportData.ObjectRef {
            .init(
                id: UInt64(index), name: name(index), className: name(index + 1), shallowSize: 32, retainedSize: 70_000,
                distance: 3)
        }
        let sizes = (1...classCount).map { UInt64(90_000_000 / $0) }
        let classes = sizes.enumerated().map { index, size in
            ReportData.HeapClass(
                name: name(index), scriptId: 7, script: index.isMultiple(of: 2) ? script(index) : nil, line: 12,
                column: 3,
                count: UInt64(index), shallowSize: size / 4, retainedSize: size, distance: index % 9)
        }
        let growth = classes.prefix(200).map { each in
            ReportData.ClassGrowth(
                name: each.name, script: each.script, addedCount: 9, removedCount: 4, countDelta: 5, addedSize: 900,
                removedSize: 1300, sizeDelta: -400, retainedDelta: Int64(each.retainedSize / 2))
        }
        let suspects = names.prefix(12).map { each in
            ReportData.Suspect(
                sentence: "Objects of \(each) pile up.", className: each, objectCount: 12, retainedSize: 40_000_000,
                share: 0.4, accumulator: object(3), path: path, classCount: 12,
                classes: [
                    .init(className: each, count: 12, shallowSize: 480),
                    .init(className: name(3), count: 9, shallowSize: 90),
                ])
        }
        return ReportData(
            file: file, bytes: 120_000_000, heapdumpVersion: "1.0.0", created: "2026-01-02T03:04:05Z",
            origin: .init(script: script(0), runtime: "Node \(name(1))", changed: "2026-01-02T03:00:00Z"),
            nodes: 1_234_567,
            edges: 5_000_000, strings: 80_000, totalSize: 100_000_000,
            statistics: .init(
                totalSize: 100_000_000, codeSize: 10_000_000, stringsSize: 20_000_000, jsArraysSize: 5_000_000,
                typedArraysSize: 5_000_000, systemSize: 10_000_000, otherJsObjectsSize: 45_000_000,
                otherNativeSize: 5_000_000),
            suspects: Array(suspects), classes: classes, classCount: classCount + 1000,
            biggestObjects: names.indices.prefix(20).map { .init(object: object($0), path: path) },
            duplicateStrings: names.map {
                .init(value: $0, isCut: $0.isEmpty, count: 90, size: 9000, wastedSize: 8900)
            },
            duplicateStringsWastedSize: 2_000_000,
            detached: .init(
                contexts: names.prefix(12).map { .init(function: $0, location: $0, count: 3, retainedSize: 300) },
                closures: names.prefix(12).map { .init(function: $0, location: nil, count: 3, retainedSize: 300) },
                other: names.prefix(12).map { .init(name: $0, count: 3, retainedSize: 300) }),
            treemap: tree(size: 100_000_000, levels: 5, name: name),
            growth: .init(
                baseFile: file, baseChanged: "2026-01-01T03:00:00Z", baseTotalSize: 60_000_000, totalSize: 100_000_000,
                classes: growth,
                idsMatch: true, pathOf: [.init(className: name(0), path: path)]),
            notes: names.prefix(12).map { "Not looked at: \($0)" })
    }

    /// Each object keeps a few smaller ones alive, and many that are not listed.
    private static func tree(size: UInt64, levels: Int, name: (Int) -> String) -> ReportData.TreemapNode {
        let children = levels == 0 ? [] : (2..<8).map { tree(size: size / (2 * $0), levels: levels - 1, name: name) }
        return .init(
            id: size, name: name(levels + children.count), className: name(levels), shallowSize: size / 50,
            retainedSize: size, children: children, othersCount: 100, othersSize: size / 20)
    }
}
