import HeapAnalysis

/// A comparison for people: what grew, most first.
struct DiffText {
    let diff: HeapDiff
    let base: HeapStatistics
    let now: HeapStatistics
    /// In columns.
    let width: Int

    private static let classCount = 20
    private static let shrunkCount = 5

    func lines() -> [String] {
        let total = "heap: \(Printable.bytes(base.totalSize)) then, \(Printable.bytes(now.totalSize)) now "
        let delta = "(\(Self.signed(Int64(now.totalSize) - Int64(base.totalSize))))"
        return [[total + delta], growth(), classes()].filter { !$0.isEmpty }.joined(separator: [""]).map { $0 }
    }

    private func classes() -> [String] {
        // Of many classes a few objects come and go, and others as large take their place.
        let changed = diff.classes.filter { $0.retainedDelta != 0 || $0.sizeDelta != 0 || $0.countDelta != 0 }
        guard !changed.isEmpty else { return ["No class grew or shrank."] }
        let grown = changed.filter { $0.retainedDelta > 0 }
        let others = changed.filter { $0.retainedDelta <= 0 }
        // What shrank says something too, where much else grew a little.
        let shownGrown = grown.prefix(Self.classCount - min(others.count, Self.shrunkCount))
        let shown = shownGrown + others.prefix(Self.classCount - shownGrown.count)
        let idsMatch = !diff.hasUnrelatedIDs
        let table = TextTable(
            columns: [.init("RETAINED", .right), .init("SIZE", .right, rank: 1)]
                + (idsMatch ? [.init("NEW", .right, rank: 0), .init("DELETED", .right, rank: 0)] : [])
                + [.init("DELTA", .right, rank: 2), .init("CLASS", .left)],
            rows: shown.map { row in
                let name = HeapTextPrinter.name(row.name)
                let place = HeapTextPrinter.place(row.place)
                let count = row.countDelta > 0 ? "+" : row.countDelta < 0 ? "-" : ""
                return .init(
                    cells: [Self.signed(row.retainedDelta), Self.signed(row.sizeDelta)]
                        + (idsMatch ? [row.addedCount, row.removedCount].map { Printable.count($0 ?? 0) } : [])
                        + [
                            count + Printable.count(row.countDelta.magnitude),
                            place.isEmpty ? name : "\(name)  \(place)",
                        ], shorterLast: name)
            })
        let more = changed.count - shown.count
        return [grown.isEmpty ? "Classes by loss of retained size" : "Classes by growth of retained size"]
            + table.lines(width: width)
            + (more > 0 ? ["\(Printable.count(UInt64(more))) more classes: --json --all"] : [])
    }

    private func growth() -> [String] {
        guard !diff.growth.isEmpty else { return [] }
        return ["What grew, and what holds it"]
            + diff.growth.flatMap { growth -> [String] in
                let name = HeapTextPrinter.name(growth.class)
                let head = "  \(Self.signed(growth.retainedDelta))  \(name), \(Self.steps(growth.counts))"
                return [TextWidth.cut(head, to: width)]
                    + HeapTextPrinter.lines(growth.path, indent: "      ", width: width)
            }
    }

    /// Of one object, which has become larger, as of many.
    private static func steps(_ counts: [UInt64]) -> String {
        Set(counts).count == 1
            ? "larger: \(Printable.count(counts[0])) as before" : counts.map(Printable.count).joined(separator: " → ")
    }

    private static func signed(_ bytes: Int64) -> String {
        (bytes > 0 ? "+" : bytes < 0 ? "-" : "") + Printable.bytes(bytes.magnitude)
    }
}
