import HeapAnalysis

/// A comparison for people: what grew, most first.
struct DiffText {
    let diff: HeapDiff
    let base: HeapStatistics
    let now: HeapStatistics
    /// In columns.
    let width: Int

    private static let classCount = 20

    func lines() -> [String] {
        let total = "heap: \(Printable.bytes(base.totalSize)) then, \(Printable.bytes(now.totalSize)) now "
        let delta = "(\(Self.signed(Int64(now.totalSize) - Int64(base.totalSize))))"
        return [[total + delta], classes(), growth()].filter { !$0.isEmpty }.joined(separator: [""]).map { $0 }
    }

    private func classes() -> [String] {
        // Of many classes a few objects come and go, and others as large take their place.
        let changed = diff.classes.filter { $0.retainedDelta != 0 || $0.sizeDelta != 0 || $0.countDelta != 0 }
        guard !changed.isEmpty else { return ["No class grew or shrank."] }
        let shown = changed.prefix(Self.classCount)
        let table = TextTable(
            columns: [
                .init("RETAINED", .right), .init("SIZE", .right), .init("NEW", .right), .init("DELETED", .right),
                .init("DELTA", .right), .init("CLASS", .left),
            ],
            rows: shown.map { row in
                let name = HeapTextPrinter.name(row.name)
                let place = HeapTextPrinter.place(row.location, diff.scripts)
                let count = row.countDelta > 0 ? "+" : row.countDelta < 0 ? "-" : ""
                return .init(
                    cells: [
                        Self.signed(row.retainedDelta), Self.signed(row.sizeDelta), Printable.count(row.addedCount),
                        Printable.count(row.removedCount), count + Printable.count(row.countDelta.magnitude),
                        place.isEmpty ? name : "\(name)  \(place)",
                    ], shorterLast: name)
            })
        let more = changed.count - shown.count
        return ["Classes by growth of retained size"] + table.lines(width: width)
            + (more > 0 ? ["\(Printable.count(UInt64(more))) more classes: --json --all"] : [])
    }

    private func growth() -> [String] {
        guard !diff.growth.isEmpty else { return [] }
        return ["What grew, and what holds it"]
            + diff.growth.flatMap { growth -> [String] in
                let name = HeapTextPrinter.name(growth.diff.name)
                let head = "  \(Self.signed(growth.diff.retainedDelta))  \(name)"
                let path = HeapTextPrinter.expression(growth.path)
                return [TextWidth.cut(head, to: width)] + TextWrap.lines(path, width: width - 6).map { "      " + $0 }
            }
    }

    private static func signed(_ bytes: Int64) -> String {
        (bytes > 0 ? "+" : bytes < 0 ? "-" : "") + Printable.bytes(bytes.magnitude)
    }
}
