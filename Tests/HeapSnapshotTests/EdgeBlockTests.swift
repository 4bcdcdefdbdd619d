import Testing

@testable import HeapSnapshot

/// A document checked in parts: the nodes, the edges from both ends, and what follows them.
struct EdgeBlockTests {
    private let text = Array(Sample.text.utf8)

    private struct Parts {
        let verdict: SnapshotVerdict?
        let columns: SnapshotColumns?
    }

    /// - Parameters:
    ///   - meeting: where the first block begins; the other one, if there is one, at `last`.
    private func check(meetingAt meeting: Int, last: Int? = nil) throws -> Parts {
        let collector = SnapshotCollector(documentBytes: UInt64(text.count))
        var nodes = SnapshotValidator(into: collector)
        let nodesKey = try #require(offset(of: "\"edges\""))
        let edgesEnd = try #require(text[nodesKey...].firstIndex(of: UInt8(ascii: "]")))
        feed(&nodes, 0..<nodesKey)
        guard var blocks = nodes.edgeBlocks() else { return Parts(verdict: nil, columns: nil) }
        var edges = nodes.validatorAfterNodes(at: UInt64(nodesKey))
        var rest = nodes.validatorAfterEdges(at: UInt64(edgesEnd + 1))
        feed(&edges, nodesKey..<meeting)
        feed(&rest, edgesEnd + 1..<text.count)
        let borders = [meeting] + (last.map { [$0] } ?? []) + [edgesEnd + 1]
        for (start, end) in zip(borders, borders.dropFirst()).reversed() {
            let isTaken = text[start..<end].withUnsafeBytes { blocks.take($0) }
            guard isTaken else { return Parts(verdict: nil, columns: nil) }
        }
        let verdict = nodes.verdict(edgesFrom: UInt64(nodesKey), edges, to: UInt64(meeting), blocks, rest)
        return Parts(verdict: verdict, columns: verdict == nil ? nil : try collector.finish())
    }

    private func feed(_ validator: inout SnapshotValidator, _ range: Range<Int>) {
        text[range].withUnsafeBytes { validator.feed($0) }
    }

    private func offset(of part: String) -> Int? {
        let part = Array(part.utf8)
        return text.indices.first { text[$0...].starts(with: part) }
    }

    /// Where rows begin, and where the first one does.
    private func rows() throws -> (first: Int, all: [Int], end: Int) {
        let key = try #require(offset(of: "\"edges\":["))
        let first = key + "\"edges\":[".utf8.count
        let end = try #require(text[first...].firstIndex(of: UInt8(ascii: "]")))
        let commas = (first..<end).filter { text[$0] == UInt8(ascii: ",") }
        return (first, [first] + commas.enumerated().filter { $0.offset % 3 == 2 }.map { $0.element + 1 }, end)
    }

    private func whole() throws -> (verdict: SnapshotVerdict, columns: SnapshotColumns) {
        let collector = SnapshotCollector(documentBytes: UInt64(text.count))
        var validator = SnapshotValidator(into: collector)
        feed(&validator, 0..<text.count)
        return (validator.finish(), try collector.finish())
    }

    @Test func isTheWholeWhereverTheyMeet() throws {
        let (first, rows, _) = try rows()
        let whole = try whole()
        #expect(rows.count == 6)
        for row in rows where row > first {
            for last in [nil] + rows.filter({ $0 > row }).map(Optional.some) {
                let parts = try check(meetingAt: row, last: last)
                #expect(parts.verdict == whole.verdict, "\(row) \(last ?? 0)")
                let columns = try #require(parts.columns)
                #expect(Array(columns.edgeTargets.values) == Array(whole.columns.edgeTargets.values))
                #expect(Array(columns.edgeNames.values) == Array(whole.columns.edgeNames.values))
                #expect(Array(columns.firstEdges.values) == Array(whole.columns.firstEdges.values))
            }
        }
    }

    /// Half a row, two thirds, or some digits of a number less: nobody may take that for the whole.
    @Test func isNotTheWholeWhereTheyMeetWithinARow() throws {
        let (first, rows, end) = try rows()
        for meeting in first + 1..<end where !rows.contains(meeting) {
            #expect(try check(meetingAt: meeting).verdict == nil, "\(meeting - first)")
        }
        for last in rows[2]..<rows[3] where last != rows[2] {
            #expect(try check(meetingAt: rows[1], last: last).verdict == nil, "\(last - first)")
        }
    }

    @Test func tellsRowsFromOtherText() throws {
        var rows = "3"
        for row in 0..<40 { rows += ",\(row % 7),\(row * 31),\(row % 5 * 7)" }
        let sample = try #require(Array(rows.utf8).withUnsafeBytes { RowSample($0) })
        #expect(sample.hasRows(of: 3) { $0[$0.startIndex] < 7 && $0[$0.startIndex + 2].isMultiple(of: 7) })
        #expect(!sample.hasRows(of: 3) { $0[$0.startIndex] < 7 && $0[$0.startIndex + 2].isMultiple(of: 11) })
        #expect(!sample.hasRows(of: 7) { $0[$0.startIndex] < 7 && $0[$0.startIndex + 6].isMultiple(of: 7) })
        #expect(!sample.hasRows(of: 0) { _ in true })
        #expect(!sample.hasRows(of: 100) { _ in true })
        for text in ["1,2,\"3\",4", "]", "1,2,3],", "a", "1.5,"] {
            #expect(Array(text.utf8).withUnsafeBytes { RowSample($0) } == nil, "\(text)")
        }
    }
}
