import HeapAnalysis
import HeapSnapshot
import NodeProcess

/// A summary for people: what to suspect first, then the figures.
struct SummaryText {
    let summary: HeapSummary
    /// In columns.
    let width: Int

    private static let classCount = 15
    private static let objectCount = 5
    private static let stringCount = 5
    private static let functionCount = 5
    /// Below this, duplicated strings are nobody's problem.
    private static let leastWasted: UInt64 = 10_000

    /// What `take` prints after a dump.
    func short() -> [String] { suspects() + [""] + classes(count: 5) }

    func long() -> [String] {
        [suspects(), statistics(), classes(count: Self.classCount), objects(), strings(), functions(), detached()]
            .filter { !$0.isEmpty }
            .joined(separator: [""])
            .map { $0 }
    }

    func suspects() -> [String] {
        guard !summary.suspects.isEmpty else {
            let none = "Leak suspects: none; nothing of the program's own holds a tenth of the heap by itself."
            return TextWrap.lines(none + workers, width: max(20, width)) + many()
        }
        var lines = ["Leak suspects"]
        for (index, suspect) in summary.suspects.enumerated() {
            lines += wrapped("\(index + 1). ", SuspectText.sentence(suspect))
        }
        return lines + many()
    }

    /// What is much by its number alone, and whose ArrayBuffers are.
    private func many() -> [String] {
        let many =
            summary.many.isEmpty
            ? [] : ["", "Also many"] + summary.many.flatMap { wrapped("- ", ManyText.sentence($0)) }
        guard let buffers = summary.arrayBuffers else { return many }
        return many + [""] + TextWrap.lines(ArrayBufferText.title(buffers), width: max(20, width))
            + ArrayBufferText.groups(buffers).flatMap { wrapped("- ", $0) }
    }

    /// What leaks may be in a heap that this snapshot does not have.
    private var workers: String {
        switch summary.workerCount {
        case 0: ""
        case 1:
            " The program has a worker thread, whose heap is not in this snapshot: `heapdump <pid> --thread all` dumps it too."
        default:
            " The program has \(Printable.count(UInt64(summary.workerCount))) worker threads, whose heaps are not in this "
                + "snapshot: `heapdump <pid> --thread all` dumps them too."
        }
    }

    private func wrapped(_ head: String, _ text: String) -> [String] {
        TextWrap.lines(text, width: max(20, width - head.count - 2), breaking: .beforeSteps).enumerated()
            .map { index, line in
                "  " + (index == 0 ? head : String(repeating: " ", count: head.count)) + line
            }
    }

    private func statistics() -> [String] {
        let figures = summary.statistics
        let rows: [(String, UInt64)] = [
            ("code", figures.codeSize), ("strings", figures.stringsSize), ("JS arrays", figures.jsArraysSize),
            ("typed arrays", figures.typedArraysSize), ("system objects", figures.systemSize),
            ("other JS objects", figures.otherJSObjectsSize), ("other native", figures.otherNativeSize),
        ]
        let table = TextTable(
            columns: [.init("", .left), .init("SIZE", .right), .init("SHARE", .right), .init("", .left)],
            rows: (rows + [("total", figures.totalSize)]).map { name, size in
                .init(cells: [
                    "  " + name, Printable.bytes(size),
                    HeapTextPrinter.percent(Double(size) / Double(max(figures.totalSize, 1))), "",
                ])
            })
        return ["Heap"] + table.lines(width: width).dropFirst().map(trimmed)
    }

    private func classes(count: Int) -> [String] {
        let rows = (summary.classes.prefix(count).map(row) + functionRows(count))
            .enumerated().sorted { ($1.element.size, $0.offset) < ($0.element.size, $1.offset) }
            .prefix(count).map(\.element)
        let shown = rows.count { $0.isClass }
        let table = TextTable(
            columns: [
                .init("  RETAINED", .right), .init("SHALLOW", .right, rank: 1), .init("COUNT", .right, rank: 2),
                .init("DISTANCE", .right, rank: 0), .init("CLASS", .left),
            ],
            rows: rows.map(\.row))
        let more = summary.classes.count - shown
        return ["Classes by retained size"] + table.lines(width: width)
            + (more > 0 ? ["  \(Printable.count(UInt64(more))) more classes: --json --all"] : [])
    }

    private struct ClassRow {
        let row: TextTable.Row
        /// In bytes, retained.
        let size: UInt64
        let isClass: Bool
    }

    private func row(_ summary: ClassSummary) -> ClassRow {
        row(
            summary.name, summary.place, [summary.retainedSize, summary.shallowSize], summary.count, summary.distance)
    }

    private func row(
        _ name: String, _ place: CodePlace?, _ sizes: [UInt64], _ count: UInt64, _ distance: Int32?
    ) -> ClassRow {
        let place = HeapTextPrinter.place(place)
        let name = HeapTextPrinter.name(name)
        let cells =
            sizes.map(Printable.bytes) + [
                Printable.count(count), distance.map(Self.distance) ?? "-", place.isEmpty ? name : "\(name)  \(place)",
            ]
        return ClassRow(row: .init(cells: cells, shorterLast: name), size: sizes[0], isClass: distance != nil)
    }

    /// Closures made at one place of the application are of a kind as much as the objects of a class.
    private func functionRows(_ count: Int) -> [ClassRow] {
        summary.closures.lazy.compactMap { function -> ClassRow? in
            guard function.count > 1, let place = function.place, !place.isNodes else { return nil }
            let line = HeapTextPrinter.line(of: place)
            let name = function.function.isEmpty ? "functions of \(line)" : "functions \(function.function) (\(line))"
            return row(name, nil, [function.retainedSize, function.shallowSize], function.count, nil)
        }.prefix(count).map { $0 }
    }

    /// Distances of V8's own objects are told from a base that means nothing to people.
    static func distance(_ distance: Int32) -> String {
        distance < 0 || distance >= 100_000_000 ? "-" : String(distance)
    }

    private func objects() -> [String] {
        let biggest = summary.biggestObjects.prefix(Self.objectCount)
        guard !biggest.isEmpty else { return [] }
        return ["Biggest objects"]
            + biggest.flatMap { big -> [String] in
                let size = Printable.bytes(big.object.retainedSize)
                let id = " @\(big.object.id)"
                let room = max(12, width - size.count - id.count - 4)
                let text = "  \(size)  \(HeapTextPrinter.object(big.object, longest: min(60, room)))\(id)"
                return [text] + HeapTextPrinter.lines(big.path, indent: "      ", width: width)
            }
    }

    private func strings() -> [String] {
        let wasted = summary.duplicateStrings.wastedSize
        guard wasted >= Self.leastWasted else { return [] }
        let table = TextTable(
            columns: [.init("    WASTED", .right), .init("COUNT", .right, rank: 0), .init("STRING", .left)],
            rows: summary.duplicateStrings.prefix(Self.stringCount).map { string in
                .init(cells: [
                    Printable.bytes(string.wastedSize), Printable.count(string.count),
                    HeapTextPrinter.quoted(string.value, isCut: string.isCut),
                ])
            })
        let count = Printable.count(UInt64(summary.duplicateStrings.count))
        let title = "Duplicated strings: \(Printable.bytes(wasted)) wasted by copies of \(count) strings"
        return TextWrap.lines(title, width: max(20, width)) + table.lines(width: width)
    }

    private func functions() -> [String] {
        let lists = [
            ("Closures by function", summary.closures),
            ("Contexts by what holds them", summary.contexts),
        ]
        let tables = lists.map { title, functions -> [String] in
            let shown = functions.prefix(Self.functionCount)
            guard !shown.isEmpty else { return [] }
            let table = TextTable(
                columns: [
                    .init("  RETAINED", .right), .init("COUNT", .right, rank: 0), .init("FUNCTION", .left),
                ],
                rows: shown.map { row in
                    let name = row.function.isEmpty ? "(anonymous)" : HeapTextPrinter.name(row.function, longest: 40)
                    if let script = row.scopeOfScript {
                        let scope = "(variables of \(HeapTextPrinter.edge(script, longest: 50)))"
                        return .init(cells: [Printable.bytes(row.retainedSize), Printable.count(row.count), scope])
                    }
                    let place = HeapTextPrinter.place(row.place)
                    return .init(
                        cells: [Printable.bytes(row.retainedSize), Printable.count(row.count), "\(name)  \(place)"],
                        shorterLast: name)
                })
            return [title] + table.lines(width: width)
        }
        return tables.filter { !$0.isEmpty }.joined(separator: [""]).map { $0 }
    }

    private func detached() -> [String] {
        guard !summary.detached.isEmpty else { return [] }
        return ["Detached"]
            + summary.detached.prefix(Self.functionCount).map { row in
                TextWidth.cut(
                    "  \(Printable.bytes(row.retainedSize))  \(Printable.count(row.count))  \(HeapTextPrinter.name(row.name))",
                    to: width)
            }
    }

    private func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
