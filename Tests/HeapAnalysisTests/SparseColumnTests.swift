import Testing

@testable import HeapAnalysis

/// Numbers of some nodes among all.
struct SparseColumnTests {
    @Test(arguments: [1, 63, 64, 65, 1000])
    func keepsAValueForEachMember(nodeCount: Int) throws {
        let members = try #require(BitColumn(count: nodeCount))
        let nodes = (0..<nodeCount).filter { $0 % 3 == 0 || $0 % 64 == 63 }
        for node in nodes { members.set(node) }
        let index = try #require(NodeIndex(members, nodeCount: nodeCount))
        #expect(index.count == nodes.count)
        #expect(nodes.map(index.place) == Array(nodes.indices))
        let column = try #require(SparseColumn(members, nodeCount: nodeCount))
        #expect((0..<nodeCount).filter(column.has) == nodes)
        #expect(nodes.allSatisfy { column[$0] == 0 })
        for node in nodes { column[node] = UInt32(node + 5) }
        #expect(nodes.allSatisfy { column[$0] == UInt32($0 + 5) })
    }

    /// Numbers that differ in their upper half alone, or in one bit of it, must not come to the same slots.
    @Test(arguments: [1, 1 << 12, 1 << 20])
    func spreadsNumbers(step: UInt64) throws {
        let table = try #require(HashTable(capacity: 1 << 12))
        let slots = (0..<2048).map { index in
            table.slot(TextHash.of(UInt64(index) &* step &<< 32 | 7)) { _ in false }
        }
        // Of 2,048 thrown into 4,096, some 1,612 are hit at random.
        #expect(Set(slots).count > 1_500)
    }

    @Test func sumsByClass() throws {
        var sums = try #require(ClassSums(classCount: 700))
        sums.add(5, 699)
        sums.clear()
        #expect(sums.largest() == nil)
        for node in 1..<10_000 { sums.add(UInt64(node % 90), UInt32(node % 700)) }
        #expect(sums.classCount == 700)
        let expected = (0..<700).map { index in
            let nodes = (1..<10_000).filter { $0 % 700 == index }
            return ClassSums.Sum(
                classIndex: index, count: UInt64(nodes.count), size: nodes.reduce(0) { $0 + UInt64($1 % 90) })
        }
        // The nodes come class by class from the second on: of equals the first, as `max` has it too.
        let order = Array(expected[1...] + expected[..<1])
        #expect(sums.largest() == order.max { $0.size < $1.size })
        let limit = order.map(\.size).sorted()[350]
        #expect(sums.largest { $0.size < limit } == order.filter { $0.size < limit }.max { $0.size < $1.size })
        #expect(sums.largest { $0.size > 1_000_000 } == nil)
    }
}
