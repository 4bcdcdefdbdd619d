import Foundation
import HeapSnapshot
import SnapshotReading
import Testing

@testable import HeapAnalysis

/// Snapshots of old V8 and of Julia are analysed as those of today.
struct OldFormatTests {
    /// A bit of everything that types decide on: classes, sizes of stores, distances, strings, functions.
    private static func heap() -> SmallHeap {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let holder = heap.add(to: global, "Holder", 32)
        let store = heap.add(to: holder, "", 400, by: "elements", "internal", type: "array")
        for index in 0..<30 {
            let symbol = heap.add(to: store, "symbol \(index)", 24, by: "\(index)", "element", type: "symbol")
            _ = heap.add(to: symbol, "description", 40, by: "name", "internal", type: "string")
        }
        _ = heap.add(to: holder, "bigint", 24, type: "bigint")
        _ = heap.add(to: holder, "system / Map", 80, by: "map", "internal", type: "object shape")
        let closure = heap.add(to: global, "handler", 64, type: "closure")
        let context = heap.add(to: closure, "system / Context", 48, by: "context", "internal")
        _ = heap.add(to: context, "code", 300, by: "code", "internal", type: "code")
        let cons = heap.add(to: context, "", 32, by: "text", "context", type: "concatenated string")
        for part in ["first", "second"] {
            _ = heap.add(to: cons, part, 20, by: part, "internal", type: "string")
        }
        _ = heap.add(to: global, "native", 100, type: "native")
        _ = heap.add(to: global, "hidden", 10, by: "h", "internal", type: "hidden")
        return heap
    }

    private func expectSame(
        _ other: HeapAnalysis, as plain: HeapAnalysis, renamed: [String: String] = [:], _ comment: Comment
    ) throws {
        #expect(other.retained == plain.retained, comment)
        #expect(other.shallow == plain.shallow, comment)
        #expect(other.distance == plain.distance, comment)
        #expect(other.holders == plain.holders, comment)
        #expect(other.statistics == plain.statistics, comment)
        let names = plain.classNames().map { renamed[$0] ?? $0 }
        #expect(other.classNames() == names, comment)
        let (one, two) = (try HeapSummary(other), try HeapSummary(plain))
        #expect(one.classes.map(\.name) == two.classes.map { renamed[$0.name] ?? $0.name }, comment)
        #expect(one.classes.map(\.retainedSize) == two.classes.map(\.retainedSize), comment)
        #expect(one.suspects.map(\.retainedSize) == two.suspects.map(\.retainedSize), comment)
        #expect(one.closures.map(\.retainedSize) == two.closures.map(\.retainedSize), comment)
    }

    /// Types 12, 13 and 14 stand in rows, and not in the header.
    @Test func oldV8HasTheSameFigures() throws {
        let plain = try Self.heap().analysis()
        var heap = Self.heap()
        heap.listedTypes = Array(SmallHeap.nodeTypes.prefix(12))
        let old = try heap.analysis()
        try expectSame(old, as: plain, renamed: ["(bigint)": "(13)", "(object shape)": "(14)"], "old")
        let types = (0..<old.columns.nodeCount).map { old.object($0).type }
        #expect(types.count { $0 == "symbol" } == 30 && types.contains("13") && types.contains("14"))
    }

    /// A root with the id 0, and a type for each type of the program: more than a byte has room for, before V8's types and after.
    @Test(arguments: [false, true])
    func juliaHasTheSameFigures(areFirst: Bool) throws {
        let plain = try Self.heap().analysis()
        var heap = Self.heap()
        let types = (0..<600).map { "Base.Type{\($0)}" }
        heap.listedTypes = areFirst ? types + SmallHeap.nodeTypes : SmallHeap.nodeTypes + types
        heap.rootID = 0
        let julia = try heap.analysis()
        try expectSame(julia, as: plain, "\(areFirst)")
        #expect(julia.node(withID: 0) == SmallHeap.root)
    }

    @Test func typesBeyondAByteAreClasses() throws {
        var heap = SmallHeap()
        heap.listedTypes = SmallHeap.nodeTypes + (0..<600).map { "Base.Type{\($0)}" }
        let global = heap.addGlobal()
        for number in [0, 200, 241, 300, 599] {
            for _ in 0...number { _ = heap.add(to: global, "x", 10, type: "Base.Type{\(number)}") }
        }
        let summary = try heap.summary()
        for number in [0, 200, 241, 300, 599] {
            let row = try #require(summary.classes.first { $0.name == "(Base.Type{\(number)})" })
            #expect(row.count == UInt64(number + 1) && row.shallowSize == UInt64(number + 1) * 10)
        }
        #expect(summary.classes.count == 6)
        // As they are copied into a database.
        let rows = try HeapRows(heap.analysis())
        var counts: [String: Int] = [:]
        rows.forEachNode { node, _, _ in
            counts[rows.nodeTypeNames[node.type], default: 0] += 1
            return true
        }
        #expect(counts["Base.Type{599}"] == 600 && counts["Base.Type{0}"] == 1 && counts["object"] == 1)
        #expect(counts["synthetic"] == 1 && counts.count == 7)
    }

    /// By two threads as by one.
    @Test func manyTypesAreReadInParallel() throws {
        var heap = Self.heap()
        heap.listedTypes = (0..<600).map { "Base.Type{\($0)}" } + SmallHeap.nodeTypes
        heap.rootID = 0
        for number in 0..<3000 {
            let node = heap.add(to: 1, "x", 10, type: "Base.Type{\(number % 600)}")
            for _ in 0..<40 { heap.link(node, 2) }
        }
        let path = NSTemporaryDirectory() + "/old-format-\(UUID().uuidString)"
        try Data(heap.document.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let input = SnapshotInput(name: path, path: Array(path.utf8CString))
        let (one, two) = (try LoadSnapshot.load(input), try LoadSnapshot.load(input, parallelFrom: 0))
        #expect(one.notes == two.notes && one.notes.count == 1, "\(one.notes), \(two.notes)")
        #expect(one.counts == two.counts)
        let names = try [one, two].map { try HeapAnalysis($0.columns).classNames() }
        #expect(names[0] == names[1] && names[0].contains("(Base.Type{599})"))
    }
}
