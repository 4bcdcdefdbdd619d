import HeapSnapshot
import Testing

@testable import HeapAnalysis

/// Who holds whom, and how much: on graphs of every shape, against what the words mean.
struct DominatorTests {
    /// What takes no cleverness: who is no longer reached when a node is taken away is held by it.
    private struct Reference {
        let heap: SmallHeap
        private(set) var holders: [Int]
        private(set) var dominated: [Set<Int>]

        init(_ heap: SmallHeap) {
            self.heap = heap
            let count = heap.nodes.count
            var edges = Self.essential(heap)
            // Those that weak edges alone lead to are as if the root held them.
            let held = Set(edges.joined())
            let first = Self.reached(edges, without: nil)
            for node in 1..<count where !first.contains(node) && !held.contains(node) { edges[0].append(node) }
            let reached = Self.reached(edges, without: nil)
            // What is left hangs on the root, each by itself.
            holders = [Int](repeating: 0, count: count)
            dominated = [Set<Int>](repeating: [], count: count)
            dominated[0] = Set(0..<count)
            for node in 1..<count {
                dominated[node] = [node]
                if reached.contains(node) {
                    dominated[node].formUnion(reached.subtracting(Self.reached(edges, without: node)))
                }
            }
            for node in 1..<count {
                // The dominators of a node stand in a row: the nearest one dominates least.
                let all = (0..<count).filter { $0 != node && dominated[$0].contains(node) }
                holders[node] = all.min { dominated[$0].count < dominated[$1].count } ?? 0
            }
        }

        /// The targets of the edges that hold.
        private static func essential(_ heap: SmallHeap) -> [[Int]] {
            var page: Set<Int> = []
            var work = heap.nodes[0].edges.filter { $0.type == "shortcut" }.map(\.target)
            while let node = work.popLast() {
                guard page.insert(node).inserted else { continue }
                work += heap.nodes[node].edges.filter { $0.type != "weak" }.map(\.target)
            }
            return heap.nodes.enumerated().map { source, node in
                node.edges.filter { edge in
                    edge.type != "weak" && edge.target != source && (edge.type != "shortcut" || source == 0)
                        && (source == 0 || page.contains(source) || !page.contains(edge.target))
                }.map(\.target)
            }
        }

        private static func reached(_ edges: [[Int]], without taken: Int?) -> Set<Int> {
            var reached: Set<Int> = []
            var work = [0]
            while let node = work.popLast() {
                guard reached.insert(node).inserted else { continue }
                work += edges[node].filter { $0 != taken }
            }
            return reached
        }
    }

    private static func randomHeap(_ seed: UInt64) -> SmallHeap {
        var random = SeededGenerator(state: seed)
        var heap = SmallHeap()
        let count = Int.random(in: 2...40, using: &random)
        for node in 1..<count {
            _ = heap.add("C\(node % 3)", UInt64.random(in: 0...1000, using: &random))
        }
        // From trees to thickets; with few edges from the root, much is beyond its reach.
        let edges = Int.random(in: 0...count * 4, using: &random)
        let types = ["property", "property", "property", "internal", "context", "weak", "shortcut"]
        for number in 0..<edges {
            let source = Int.random(in: 0..<count, using: &random)
            let target = Int.random(in: 0..<count, using: &random)
            heap.link(source, target, "e\(number)", types.randomElement(using: &random) ?? "property")
        }
        return heap
    }

    @Test(arguments: [1, 2, 3, 4])
    func isWhoeverCannotBeAvoided(part: UInt64) throws {
        for seed in 0..<150 {
            let heap = Self.randomHeap(part << 32 | UInt64(seed))
            let analysis = try heap.analysis()
            let reference = Reference(heap)
            try #require(analysis.holders == reference.holders, "seed \(part) \(seed): \(heap.document)")
            let sizes = reference.dominated.map { nodes in nodes.reduce(0) { $0 + heap.nodes[$1].size } }
            try #require(analysis.retained == sizes, "seed \(part) \(seed): \(heap.document)")
        }
    }

    /// Long lists make the search for dominators climb by jumps, which finds the same.
    @Test func isTheSameByJumps() throws {
        for seed in 0..<300 {
            let heap = Self.randomHeap(9 << 32 | UInt64(seed))
            let holders = try heap.analysis().holders
            try #require(Self.holders(heap, patience: -1) == holders, "seed \(seed): \(heap.document)")
            try #require(Self.holders(heap, patience: 3) == holders, "seed \(seed): \(heap.document)")
        }
    }

    private static func holders(_ heap: SmallHeap, patience: Int) throws -> [Int] {
        let columns = try heap.columns()
        let graph = HeapGraph(columns, try #require(TextTags(columns.strings)))
        let pageObjects = try #require(PageObjects.mark(columns))
        let essential = try #require(EssentialEdges(graph, pageObjects: pageObjects))
        let spanning = SpanningTree(graph, essential, try #require(SpanningTree.Memory(graph)))
        let counts = try #require(essential.countByTarget(graph))
        spanning.finish(counts)
        let predecessors = try #require(Predecessors(graph, essential, slots: counts, spanning))
        let numbers = try #require(DominatorNumbers(spanning, predecessors, patience: patience))
        let tree = try #require(DominatorTree(graph, numbers))
        return (0..<graph.nodeCount).map { Int(tree.dominators[$0]) }
    }

    /// The last member of a list holds what its first one holds too: each of these is held by the first, at the other end.
    @Test func standsWhatIsHeldFromBothEndsOfAList() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        var last = global
        for _ in 0..<30_000 { last = heap.add(to: last, "Link", 1, by: "1", "element") }
        let first = heap.nodes.count
        for _ in 0..<30_000 {
            let shared = heap.add(to: last, "Shared", 1, by: "1", "element")
            heap.link(global, shared, "1", "element")
        }
        let analysis = try inTime { try heap.analysis() }
        #expect(analysis.holders[first...].allSatisfy { $0 == global })
        #expect(analysis.retained[last] == 1 && analysis.holders[last] == last - 1)
    }

    /// The graphs above are worth nothing where they have none of what is hard.
    @Test func isTriedOnWhatIsHard() {
        var (selfEdges, weaklyHeld, lonely, deep) = (0, 0, 0, 0)
        for seed in 0..<150 {
            let heap = Self.randomHeap(1 << 32 | UInt64(seed))
            let holders = Reference(heap).holders
            let targets = Set(heap.nodes.flatMap { $0.edges.filter { $0.type != "weak" } }.map(\.target))
            let weak = Set(heap.nodes.flatMap { $0.edges.filter { $0.type == "weak" } }.map(\.target))
            selfEdges += heap.nodes.enumerated().count { node in
                node.element.edges.contains { $0.target == node.offset }
            }
            weaklyHeld += weak.subtracting(targets).count
            lonely += Set(heap.nodes.indices).subtracting(targets).subtracting(weak).count
            deep += holders.count { $0 != 0 && holders[$0] != 0 }
        }
        #expect(selfEdges > 50 && weaklyHeld > 50 && lonely > 50 && deep > 50)
    }

    @Test func takesCyclesThatNothingLeadsToOneByOne() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let held = heap.add(to: global, "Held", 100)
        let (a, b) = (heap.add("A", 10), heap.add("B", 20))
        heap.link(a, b)
        heap.link(b, a)
        heap.link(b, held)
        let analysis = try heap.analysis()
        #expect(analysis.holders == [0, 0, global, 0, 0])
        #expect(analysis.retained == [138, 108, 100, 10, 20])
        #expect(analysis.statistics.totalSize == 138)
    }

    @Test func followsWhatOnlyWeakEdgesLeadTo() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let weak = heap.add(to: global, "Weak", 10, by: "w", "weak")
        let below = heap.add(to: weak, "Below", 5)
        let analysis = try heap.analysis()
        #expect(analysis.holders[weak] == 0 && analysis.holders[below] == weak)
        #expect(analysis.retained[weak] == 15 && analysis.retained[global] == 8)
    }

    /// A table holds no value of its: the key does.
    @Test func givesAWeakMapsValueToItsKey() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let table = heap.add(to: global, "table", 0, by: "table", "internal", type: "array")
        let key = heap.add(to: global, "Key", 10)
        let value = heap.add("Value", 500)
        let ids = heap.nodes.map(\.id)
        let pair =
            "part of key (Key @\(ids[key])) -> value (Value @\(ids[value])) pair in WeakMap (table @\(ids[table]))"
        heap.link(table, value, "1 / \(pair)", "internal")
        heap.link(key, value, "2 / \(pair)", "internal")
        let analysis = try heap.analysis()
        #expect(analysis.holders[value] == key)
        #expect(analysis.retained[key] == 510)
        // The farther of the two counts.
        #expect(analysis.distance[value] == 3)
    }

    /// As long as the longest list that a program makes.
    @Test func standsALongChain() throws {
        var heap = SmallHeap()
        var last = heap.addGlobal()
        for _ in 0..<50_000 { last = heap.add(to: last, "Link", 1) }
        let analysis = try heap.analysis()
        #expect(analysis.holders[last] == last - 1)
        #expect(analysis.retained[1] == 50_008)
        #expect(analysis.distance[last] == 50_001)
    }

    @Test func standsAWideRow() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let shared = heap.add("Shared", 7)
        for _ in 0..<50_000 {
            let item = heap.add(to: global, "Item", 1)
            heap.link(item, shared)
        }
        let analysis = try heap.analysis()
        #expect(analysis.holders[shared] == global)
        #expect(analysis.retained[global] == 50_015)
    }

    @Test func countsSizesBeyond32Bits() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        _ = heap.add(to: global, "Huge", 1 << 40)
        _ = heap.add(to: global, "Edge", UInt64(UInt32.max))
        let analysis = try heap.analysis()
        #expect(analysis.retained[global] == 1 << 40 + 4_294_967_295 + 8)
        #expect(analysis.object(3).shallowSize == 4_294_967_295)
    }
}
