import Testing

@testable import HeapAnalysis

/// How far nodes are from the roots, in as few bytes as it takes.
struct DistanceTests {
    /// A chain of so many from a root of the application's, and one from V8's own.
    private static func chains(_ user: Int, _ system: Int) throws -> (
        HeapAnalysis, user: Range<Int>, system: Range<Int>
    ) {
        var heap = SmallHeap()
        func chain(_ length: Int, from start: Int) -> Range<Int> {
            var last = start
            for _ in 1..<max(length, 1) { last = heap.add(to: last, "Link", 16, by: "next") }
            return start..<last + 1
        }
        let userChain = chain(user, from: heap.addGlobal())
        let roots = heap.add("(GC roots)", 0, type: "synthetic")
        heap.link(SmallHeap.root, roots, "1", "element")
        let systemChain = chain(system, from: roots)
        // What nothing leads to.
        _ = heap.add("Lost")
        return (try heap.analysis(), userChain, systemChain)
    }

    /// On both sides of what 16 bits hold, in either part.
    @Test(arguments: [
        (5, 5), (32_766, 3), (32_767, 3), (32_768, 3), (40_000, 40_000), (3, 32_766), (3, 32_767), (3, 32_768),
    ])
    func countsAlongChains(user: Int, system: Int) throws {
        let (analysis, userChain, systemChain) = try Self.chains(user, system)
        #expect(userChain.map { analysis.distances[$0] } == (0..<user).map { Int32($0 + 1) })
        #expect(systemChain.map { analysis.distances[$0] } == (0..<system).map { Distances.systemBase + Int32($0 + 1) })
        #expect(analysis.distances[SmallHeap.root] == Distances.systemBase)
        #expect(analysis.distances[systemChain.upperBound] == Distances.unreachable)
        #expect(analysis.distances.count == user + system + 2)
    }

    /// Whatever the number of nodes, which are looked at eight by eight.
    @Test(arguments: [1, 2, 7, 8, 9, 63, 126, 127, 128, 300], [1, 5, 126, 130])
    func findsAllOfALevel(user: Int, system: Int) throws {
        let (analysis, _, _) = try Self.chains(user, system)
        let levels = try #require(DistanceLevels(analysis.distances))
        let nodes = 1..<analysis.distances.count
        for steps in 1...400 as ClosedRange<Int32> {
            for distance in [steps, Distances.systemBase + steps] {
                var found: [Int] = []
                levels.forEach(at: distance) { node in
                    found.append(node)
                    return true
                }
                #expect(
                    found == (steps > 126 ? [] : nodes.filter { analysis.distances[$0] == distance }), "\(distance)")
            }
        }
        var found: [Int] = []
        levels.forEach(at: Distances.unreachable) { node in
            found.append(node)
            return true
        }
        #expect(found.isEmpty)
    }

    /// Many of one level side by side, beside those of all others: each byte of a word may be the one that is looked for.
    @Test func findsManyOfALevel() throws {
        var heap = SmallHeap()
        var holders = [heap.addGlobal()]
        for number in 0..<2_000 {
            let node = heap.add(to: holders[number * 7 % holders.count], "Item", 16, by: "p\(number)")
            if number % 3 == 0 { holders.append(node) }
        }
        let analysis = try heap.analysis()
        let levels = try #require(DistanceLevels(analysis.distances))
        for distance in 1...20 as ClosedRange<Int32> {
            var found: [Int] = []
            levels.forEach(at: distance) { node in
                found.append(node)
                return true
            }
            #expect(found == (1..<analysis.distances.count).filter { analysis.distances[$0] == distance })
            // And ends where it is told to.
            var first: [Int] = []
            levels.forEach(at: distance) { node in
                first.append(node)
                return false
            }
            #expect(first == Array(found.prefix(1)))
        }
    }

    /// Up to 4 GiB in all, and one byte more.
    @Test(arguments: [0, 1, 2] as [UInt64]) func addsUpAroundFourGiB(more: UInt64) throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let list = heap.add(to: global, "List", 100)
        let half = UInt64(UInt32.max) / 2
        let first = heap.add(to: list, "Half", half, by: "a")
        _ = heap.add(to: list, "Half", UInt64(UInt32.max) - half - 108 - 1 + more, by: "b")
        let analysis = try heap.analysis()
        #expect(analysis.tree.retainedSizes[SmallHeap.root] == UInt64(UInt32.max) - 1 + more)
        #expect(analysis.tree.retainedSizes[list] == UInt64(UInt32.max) - 9 + more)
        #expect(analysis.tree.retainedSizes[first] == half && analysis.tree.retainedSizes.count == 5)
    }
}
