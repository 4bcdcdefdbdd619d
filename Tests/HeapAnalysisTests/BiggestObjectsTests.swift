import Testing

@testable import HeapAnalysis

/// The single objects that are told, of those that hold nearly the same.
struct BiggestObjectsTests {
    @Test func namesBigObjectsWithoutThoseThatPassOn() throws {
        var (heap, global) = SmallHeap.ordinary()
        let wrapper = heap.add(to: global, "Wrapper", 16, by: "wrapper")
        let cache = heap.add(to: wrapper, "Cache", 16, by: "cache")
        for _ in 0..<100 { _ = heap.add(to: cache, "Item", 100) }
        let big = try heap.summary().biggestObjects
        #expect(big.first?.object.class == "Cache")
        #expect(!big.contains { $0.object.class == "Wrapper" || $0.object.class == "Global" })
        #expect(big.count == HeapSummary.objectCount)
        #expect(big.map(\.object.retainedSize) == big.map(\.object.retainedSize).sorted(by: >))
    }

    /// A Map in a cache in a Map: what only passes on is not told, and does not stand in for what it holds.
    @Test func namesABigObjectBelowOneOfItsClass() throws {
        var (heap, global) = SmallHeap.ordinary()
        let outer = heap.add(to: global, "Map", 16, by: "caches")
        let cache = heap.add(to: outer, "Cache", 16, by: "0")
        let inner = heap.add(to: cache, "Map", 16, by: "items")
        for _ in 0..<100 { _ = heap.add(to: inner, "Item", 100) }
        #expect(try heap.summary().biggestObjects.first?.object.ordinal == inner)
    }

    @Test func namesTheFirstOfAListAmongTheBiggest() throws {
        var (heap, global) = SmallHeap.ordinary()
        let queue = heap.add(to: global, "Queue", 16, by: "queue")
        let head = heap.add(to: queue, "Link", 100, by: "head")
        var last = head
        for _ in 1..<1000 { last = heap.add(to: last, "Link", 100, by: "next") }
        let big = try heap.summary().biggestObjects
        #expect(big.first?.object.ordinal == head)
        #expect(big.count { $0.object.class == "Link" } == 1)
        #expect(big.count == HeapSummary.objectCount)
    }

    /// Classes that follow each other in no order: each holds nearly all of what the one before does, and the first the most.
    @Test func namesTheBeginningOfAListInDisorder() throws {
        var (heap, global) = SmallHeap.ordinary()
        var random = SeededGenerator(state: 7)
        let head = heap.add(to: global, "A", 100, by: "head")
        var last = head
        for _ in 1..<500 { last = heap.add(to: last, ["A", "B", "C"].randomElement(using: &random) ?? "", 100) }
        let summary = try heap.summary()
        #expect(summary.biggestObjects.first?.object.ordinal == head, "\(summary.biggestObjects.prefix(3))")
        let suspect = try #require(summary.suspects.first)
        #expect(suspect.holder?.ordinal == head && suspect.retainedSize == 500 * 100 && suspect.count == 500)
    }
}
