import HeapSnapshot
import Testing

@testable import HeapAnalysis

/// Which object takes what, and how far it is from the roots.
struct SizesTests {
    // MARK: Shallow sizes

    @Test func movesAStoreToItsOnlyOwner() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let array = heap.add(to: global, "Array", 16)
        let store = heap.add(to: array, "", 800, by: "elements", "internal", type: "array")
        let table = heap.add(to: store, "", 50, by: "1", "hidden", type: "hidden")
        let analysis = try heap.analysis()
        #expect(analysis.shallow[array] == 866)
        #expect(analysis.shallow[store] == 0 && analysis.shallow[table] == 0)
        #expect(analysis.statistics.totalSize == 874)
    }

    /// The store of an array may be of any type, and then counts as that too.
    @Test func countsNoLessThanNothing() throws {
        var heap = SmallHeap()
        let array = heap.add(to: heap.addGlobal(), "Array", 16)
        _ = heap.add(to: array, "text", 800, by: "elements", "internal", type: "string")
        let statistics = try heap.analysis().statistics
        #expect(statistics.stringsSize == 800 && statistics.jsArraysSize == 816)
        #expect(statistics.otherJSObjectsSize == 0)
    }

    @Test func leavesASharedStoreAlone() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let first = heap.add(to: global, "First", 16)
        let second = heap.add(to: global, "Second", 16)
        let store = heap.add(to: first, "", 800, by: "s", "internal", type: "array")
        heap.link(second, store, "s", "internal")
        let below = heap.add(to: store, "", 50, by: "1", "hidden", type: "hidden")
        let analysis = try heap.analysis()
        #expect(analysis.shallow == [0, 8, 16, 16, 800, 50])
        #expect(analysis.holders[store] == global && analysis.holders[below] == store)
    }

    @Test func takesAStoreThatAWeakEdgeLeadsToFromNobody() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let owner = heap.add(to: global, "Owner", 16)
        let other = heap.add(to: global, "Other", 16)
        let store = heap.add(to: owner, "", 800, by: "s", "internal", type: "array")
        heap.link(other, store, "s", "weak")
        #expect(try heap.analysis().shallow == [0, 8, 816, 16, 0])
    }

    /// What V8's roots hold is theirs.
    @Test func movesNothingToTheRoots() throws {
        var heap = SmallHeap()
        _ = heap.addGlobal()
        let roots = heap.add(to: SmallHeap.root, "(GC roots)", 0, by: "1", "element", type: "synthetic")
        let store = heap.add(to: roots, "", 300, by: "1", "hidden", type: "hidden")
        #expect(try heap.analysis().shallow[store] == 300)
    }

    /// Strings are no stores, and external data is one by its name.
    @Test func knowsStoresByTheirKind() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let text = heap.add(to: global, "text", 20, type: "string")
        let data = heap.add(to: text, "system / ExternalStringData", 700, by: "e", "internal", type: "native")
        let other = heap.add(to: text, "system / Other", 600, by: "e", "internal", type: "native")
        let analysis = try heap.analysis()
        #expect(analysis.shallow[text] == 720 && analysis.shallow[data] == 0 && analysis.shallow[other] == 600)
    }

    /// Of V8's own objects alone, the sizes are of interest as they are.
    @Test func movesNothingWhereThereIsNoApplication() throws {
        var heap = SmallHeap()
        let roots = heap.add(to: SmallHeap.root, "(GC roots)", 0, by: "1", "element", type: "synthetic")
        let array = heap.add(to: roots, "Array", 16, by: "1", "element")
        let store = heap.add(to: array, "", 800, by: "elements", "internal", type: "array")
        #expect(try heap.analysis().shallow[store] == 800)
    }

    /// However far apart they are, and in any order.
    @Test func keepsIDsAndSizesOfAnyWidth() throws {
        var random = SeededGenerator(state: 5)
        var heap = SmallHeap()
        let global = heap.addGlobal()
        var known: Set<UInt64> = [1, heap.nodes[global].id]
        for number in 0..<2000 {
            let width = [8, 15, 16, 17, 31, 32, 33, 53, 63].randomElement(using: &random) ?? 8
            var id = UInt64.random(in: 2...(1 << width), using: &random) + (number % 3 == 0 ? UInt64(number) : 0)
            while !known.insert(id).inserted { id += 1 }
            let object = heap.add("Object", UInt64.random(in: 0...(1 << min(width, 40)), using: &random), id: id)
            heap.link(global, object)
        }
        let analysis = try heap.analysis()
        for (node, written) in heap.nodes.enumerated() {
            try #require(analysis.columns.id(node) == written.id && analysis.columns.selfSize(node) == written.size)
        }
    }

    // MARK: Statistics

    @Test func addsUp() throws {
        var heap = SmallHeap()
        heap.extraNativeBytes = 5000
        let global = heap.addGlobal()
        _ = heap.add(to: global, "code", 100, type: "code")
        _ = heap.add(to: global, "a", 30, type: "string")
        _ = heap.add(to: global, "", 40, type: "concatenated string")
        _ = heap.add(to: global, "c", 50, type: "sliced string")
        let array = heap.add(to: global, "Array", 16)
        _ = heap.add(to: array, "", 64, by: "elements", "internal", type: "array")
        let buffer = heap.add(to: global, "ArrayBuffer", 10)
        _ = heap.add(to: buffer, "system / JSArrayBufferData", 4000, by: "b", "internal", type: "native")
        _ = heap.add(to: global, "Native", 200, type: "native")
        let shared = heap.add(to: global, "", 33, type: "hidden")
        heap.link(buffer, shared, "x", "internal")
        let statistics = try heap.analysis().statistics
        #expect(statistics.codeSize == 100)
        #expect(statistics.stringsSize == 120)
        #expect(statistics.jsArraysSize == 80)
        #expect(statistics.typedArraysSize == 4000)
        #expect(statistics.nativeSize == 9200 && statistics.otherNativeSize == 5200)
        #expect(statistics.systemSize == 33)
        #expect(statistics.totalSize == 8 + 100 + 120 + 80 + 10 + 4000 + 200 + 33 + 5000)
        #expect(statistics.v8HeapSize == statistics.totalSize - 9200)
        #expect(statistics.otherJSObjectsSize == 18)
    }

    // MARK: Distances

    @Test func measuresFromTheApplicationsRoots() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let near = heap.add(to: global, "Near")
        let far = heap.add(to: near, "Far")
        let roots = heap.add(to: SmallHeap.root, "(GC roots)", 0, by: "1", "element", type: "synthetic")
        let system = heap.add(to: roots, "system", 1, by: "1", "element", type: "hidden")
        // Nearer by V8's roots than by the application's, which count first.
        heap.link(roots, far, "2", "element")
        let lost = heap.add("Lost")
        let weak = heap.add(to: global, "Weak", by: "w", "weak")
        let distance = try heap.analysis().distance
        #expect(distance[global] == 1 && distance[near] == 2 && distance[far] == 3)
        #expect(distance[SmallHeap.root] == 100_000_000)
        #expect(distance[roots] == 100_000_001 && distance[system] == 100_000_002)
        #expect(distance[lost] == -5 && distance[weak] == -5)
    }

    @Test func measuresFromTheRootWhereThereIsNoApplication() throws {
        var heap = SmallHeap()
        let roots = heap.add(to: SmallHeap.root, "(GC roots)", 0, by: "1", "element", type: "synthetic")
        let object = heap.add(to: roots, "Object")
        let distance = try heap.analysis().distance
        #expect(distance[SmallHeap.root] == 0 && distance[roots] == 1 && distance[object] == 2)
    }

    @Test func takesDocumentsForRootsOfTheApplication() throws {
        var heap = SmallHeap()
        let trees = heap.add(
            to: SmallHeap.root, "(Document DOM trees)", 0, by: "1", "element", type: "synthetic")
        let element = heap.add(to: trees, "<div>", type: "native")
        let distance = try heap.analysis().distance
        #expect(distance[trees] == 1 && distance[element] == 2)
    }

    /// A global object's way to its initial maps is V8's.
    @Test func doesNotGoThroughSloppyFunctionMaps() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let context = heap.add(
            to: global, "system / NativeContext", by: "native_context", "internal", type: "hidden")
        let map = heap.add(to: context, "Map", by: "sloppy_function_map", "internal")
        let other = heap.add(to: context, "Map", by: "other_map", "internal")
        let distance = try heap.analysis().distance
        #expect(distance[map] == -5 && distance[other] == 3)
    }

    /// Of three elements that describe a property, the second belongs to one map alone.
    @Test func goesThroughSharedDescriptorsInPart() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let descriptors = heap.add(to: global, "(map descriptors)", by: "d", "internal", type: "array")
        let nodes = (0..<9).map { index in
            heap.add(to: descriptors, "N\(index)", by: "\(index)", index % 2 == 0 ? "internal" : "hidden")
        }
        let named = heap.add(to: descriptors, "Named", by: "enum_cache", "internal")
        let distance = try heap.analysis().distance
        let reached = nodes.indices.filter { distance[nodes[$0]] == 3 }
        #expect(reached == [0, 1, 2, 3, 5, 6, 8])
        #expect(distance[named] == 3)
    }
}
