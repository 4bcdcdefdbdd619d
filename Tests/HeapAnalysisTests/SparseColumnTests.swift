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

    /// Places that differ in their lines alone, or in one bit of these, must not come to the same slots.
    @Test(arguments: [1, 1 << 12, 1 << 20])
    func spreadsPlaces(step: UInt32) throws {
        let table = try #require(HashTable(capacity: 1 << 12))
        let slots = (0..<2048).map { index in
            table.slot(TextHash.of(ClassLocation(scriptID: 7, line: index &* step, column: 2))) { _ in false }
        }
        // Of 2,048 thrown into 4,096, some 1,612 are hit at random.
        #expect(Set(slots).count > 1_500)
    }

    @Test func sumsByClass() throws {
        var sums = try #require(ClassSums(classCount: 700))
        sums.add(5, 5, 699)
        sums.clear()
        for node in 1..<10_000 { sums.add(node, UInt64(node % 100), UInt32(node % 700)) }
        #expect(sums.sums.count == 700)
        let last = try #require(sums.sums.first { $0.classIndex == 699 })
        let nodes = (1..<10_000).filter { $0 % 700 == 699 }
        #expect(last.count == UInt64(nodes.count) && last.size == nodes.reduce(0) { $0 + UInt64($1 % 100) })
        #expect(last.sample == nodes.first { $0 % 100 == 99 })
    }
}
