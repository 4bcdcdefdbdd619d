import Testing

@testable import HeapAnalysis

/// What detached objects retain: each byte once in a group.
struct DetachedTests {
    private func rows(_ heap: SmallHeap) throws -> [String] {
        try heap.summary().detached.map { "\($0.name) \($0.count) \($0.retainedSize)" }
    }

    private func expectAsInTheClassTable(_ heap: SmallHeap, _ comment: Comment? = nil) throws {
        let summary = try heap.summary()
        #expect(!summary.detached.isEmpty, comment)
        for row in summary.detached {
            let found = try #require(summary.classes.first { $0.name == row.name }, comment)
            #expect(found.count == row.count && found.retainedSize == row.retainedSize, comment)
        }
    }

    @Test func aChainCountsOnce() throws {
        var heap = SmallHeap()
        var last = heap.addGlobal()
        for _ in 0..<20 {
            let node = heap.add("<li>", 100, type: "native", detachedness: 2)
            heap.link(last, node)
            last = node
        }
        #expect(try rows(heap) == ["Detached <li> 20 2000"])
        try expectAsInTheClassTable(heap)
    }

    /// Pairs of elements, of which one holds the other and some text.
    @Test func manyPairsCountOnce() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        for _ in 0..<1000 {
            let outer = heap.add("<li>", 104, type: "native", detachedness: 2)
            let inner = heap.add("<li>", 104, type: "native", detachedness: 2)
            heap.link(global, outer)
            heap.link(outer, inner)
            _ = heap.add(to: inner, "text", 10, type: "string")
        }
        #expect(try rows(heap) == ["Detached <li> 2000 218000"])
        try expectAsInTheClassTable(heap)
    }

    /// Those of another name between do not end a group; after the last of its name, the next one counts again.
    @Test func groupsAreIndependent() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        func element(_ name: String, in holder: Int) -> Int {
            let node = heap.add(name, 10, type: "native", detachedness: 2)
            heap.link(holder, node)
            return node
        }
        for _ in 0..<3 {
            let list = element("<ul>", in: global)
            let item = element("<li>", in: list)
            let inner = element("<ul>", in: item)
            _ = element("<li>", in: inner)
            _ = element("<li>", in: list)
        }
        #expect(try rows(heap) == ["Detached <ul> 6 150", "Detached <li> 9 120"])
        try expectAsInTheClassTable(heap)
    }

    /// Old Chromium marks them by their names, and stands for a tree of them with an object that takes no memory.
    @Test func objectsWithoutASizeCount() throws {
        var heap = SmallHeap()
        heap.hasDetachedness = false
        let global = heap.addGlobal()
        let tree = heap.add("Detached DOM tree / 2 entries", 0, type: "native")
        heap.link(global, tree)
        let element = heap.add("Detached HTMLDivElement", 40, type: "native")
        heap.link(tree, element)
        heap.link(element, heap.add("Detached HTMLDivElement", 30, type: "native"))
        #expect(try rows(heap) == ["Detached DOM tree / 2 entries 1 70", "Detached HTMLDivElement 2 70"])
    }

    @Test func thereAreNone() throws {
        var heap = SmallHeap()
        _ = heap.addGlobal()
        #expect(try heap.summary().detached.isEmpty)
    }

    /// Random trees of few names: as the table of classes has it.
    @Test func isAsInTheClassTable() throws {
        for seed in 0..<40 {
            var random = SeededGenerator(state: UInt64(seed))
            var heap = SmallHeap()
            var nodes = [heap.addGlobal()]
            for _ in 0..<120 {
                let isNative = Int.random(in: 0..<4, using: &random) > 0
                let size = UInt64.random(in: 1...90, using: &random)
                let name = ["<ul>", "<li>", "<b>"][Int.random(in: 0..<3, using: &random)]
                let node =
                    isNative ? heap.add(name, size, type: "native", detachedness: 2) : heap.add("Holder", size)
                // Now and then two lead to one.
                for _ in 0...(Int.random(in: 0..<5, using: &random) / 4) {
                    heap.link(nodes[Int.random(in: 0..<nodes.count, using: &random)], node)
                }
                nodes.append(node)
            }
            try expectAsInTheClassTable(heap, "seed \(seed)")
        }
    }
}
