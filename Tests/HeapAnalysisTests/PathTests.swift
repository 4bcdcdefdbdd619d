import HeapSnapshot
import Testing

@testable import HeapAnalysis

/// How objects are reached, shown and found.
struct PathTests {
    private static func edges(_ path: RetainingPath) -> [String] { path.steps.map { $0.edge ?? $0.object.class } }

    @Test func isAShortestOne() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let long = heap.add(to: heap.add(to: global, "A", by: "a"), "B", by: "b")
        let object = heap.add(to: long, "Wanted", by: "c")
        let short = heap.add(to: global, "Short", by: "1", "element")
        heap.link(short, object, "d", "context")
        let path = try RetainerQuery(heap.analysis()).path(to: object)
        #expect(Self.edges(path) == ["Global", "[1]", "->d"])
        #expect(path.steps.map(\.object.ordinal) == [global, short, object])
    }

    @Test func prefersWhatAProgramNames() throws {
        for (better, worse) in [
            ("property", "context"), ("context", "element"), ("element", "internal"), ("internal", "hidden"),
        ] {
            for order in [[better, worse], [worse, better]] {
                var heap = SmallHeap()
                let global = heap.addGlobal()
                let holders = order.map { heap.add(to: global, $0, by: $0) }
                let object = heap.add("Wanted")
                for (holder, type) in zip(holders, order) { heap.link(holder, object, "1", type) }
                let path = try RetainerQuery(heap.analysis()).path(to: object)
                #expect(path.steps[1].object.class == better, "\(order)")
            }
        }
    }

    @Test func beginsAtTheRootWhereV8HoldsIt() throws {
        var heap = SmallHeap()
        _ = heap.addGlobal()
        let roots = heap.add(to: SmallHeap.root, "(GC roots)", 0, by: "1", "element", type: "synthetic")
        let handles = heap.add(to: roots, "(Handle scope)", 0, by: "2", "element", type: "synthetic")
        let object = heap.add(to: handles, "Handled", by: "3", "element")
        let path = try RetainerQuery(heap.analysis()).path(to: object)
        #expect(path.steps.map(\.object.ordinal) == [SmallHeap.root, roots, handles, object])
        #expect(path.steps.map(\.edge) == [nil, "[1]", "[2]", "[3]"])
    }

    /// As in Deno, whose root refers to no global object.
    @Test func prefersTheGlobalObjectToWhatV8HoldsForAMoment() throws {
        var heap = SmallHeap()
        let roots = heap.add(to: SmallHeap.root, "(GC roots)", 0, by: "1", "element", type: "synthetic")
        let stack = heap.add(to: roots, "(Stack roots)", 0, by: "20", "element", type: "synthetic")
        let context = heap.add(to: roots, "system / NativeContext", 0, by: "7", "internal", type: "hidden")
        let global = heap.add(to: context, "Window [JSGlobalObject]", 16, by: "global_object", "internal")
        let sessions = heap.add(to: global, "Map", 16, by: "sessions")
        heap.link(stack, sessions, "3", "internal")
        let table = heap.add(to: sessions, "", 16, by: "table", "internal", type: "array")
        for number in 0..<100 { _ = heap.add(to: table, "Session", 100, by: "\(number)", "hidden") }
        let onlyV8s = heap.add(to: stack, "Frame", 16, by: "4", "internal")
        let analysis = try heap.analysis()
        let query = try RetainerQuery(analysis)
        #expect(Self.edges(query.path(to: sessions)) == ["Window [JSGlobalObject]", ".sessions"])
        #expect(Self.edges(query.path(to: global)) == ["Window [JSGlobalObject]"])
        #expect(Self.edges(query.path(to: onlyV8s)) == ["(synthetic)", "[1]", "[20]", "{4}"])
        let suspect = try #require(try HeapSummary(analysis).suspects.first)
        #expect(suspect.className == "Session" && Self.edges(suspect.path) == ["Window [JSGlobalObject]", ".sessions"])
        // DevTools counts from the root.
        #expect(analysis.distances[sessions] == 3)
    }

    @Test func isTheObjectAloneWhereNothingLeadsToIt() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let (lost, weak) = (heap.add("Lost"), heap.add(to: global, "Weak", by: "w", "weak"))
        heap.link(lost, lost)
        let query = try RetainerQuery(heap.analysis())
        for object in [lost, weak, SmallHeap.root] {
            #expect(query.path(to: object).steps.map(\.object.ordinal) == [object])
        }
    }

    @Test func leavesOutTheMiddleOfALongChain() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        var nodes = [global]
        for number in 0..<100 { nodes.append(heap.add(to: nodes[number], "Link", by: "n\(number)")) }
        let query = try RetainerQuery(heap.analysis())
        let path = query.path(to: nodes[100])
        #expect(path.steps.count == 40)
        #expect(path.steps.map(\.object.ordinal) == Array(nodes.prefix(20) + nodes.suffix(20)))
        #expect(path.steps.compactMap(\.omitted) == [61] && path.steps[19].omitted == 61)
        #expect(query.path(to: nodes[39]).steps.count == 40)
        #expect(query.path(to: nodes[39]).steps.allSatisfy { $0.omitted == nil })
    }

    // MARK: Questions

    @Test func tellsPathsAlikeOnce() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let list = heap.add(to: global, "Array", by: "list")
        for number in 0..<10 { _ = heap.add(to: list, "Session", 100, by: "\(number)", "element") }
        let other = heap.add(to: global, "Holder", by: "other")
        for _ in 0..<3 { _ = heap.add(to: other, "Session", 5000, by: "current") }
        let analysis = try heap.analysis()
        var filter = ObjectFilter()
        filter.className = "Session"
        let groups = try RetainerQuery(analysis).groups(analysis.nodes(matching: filter))
        #expect(groups.map(\.count) == [3, 10] && groups.map(\.retainedSize) == [15_000, 1000])
        #expect(groups.map { Self.edges($0.path).joined() }.first == "Global.other.current")
    }

    @Test func namesDominatorsFromTheRootDown() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let (left, right) = (heap.add(to: global, "Left"), heap.add(to: global, "Right"))
        let shared = heap.add(to: left, "Shared", 10)
        heap.link(right, shared)
        let below = heap.add(to: shared, "Below", 10)
        let chain = try RetainerQuery(heap.analysis()).dominators(of: below)
        #expect(chain.map(\.ordinal) == [SmallHeap.root, global, shared, below])
        #expect(try RetainerQuery(heap.analysis()).dominators(of: SmallHeap.root).map(\.ordinal) == [SmallHeap.root])
    }

    @Test func namesWhatRefersToAnObject() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let object = heap.add("Wanted")
        let far = heap.add(to: heap.add(to: global, "Step"), "Far")
        heap.link(far, object, "far")
        heap.link(global, object, "near")
        heap.link(global, object, "gone", "weak")
        heap.link(object, object, "self")
        let held = try RetainerQuery(heap.analysis()).direct(of: object)
        #expect(held.map(\.edge) == [".near", ".self", ".far"])
        #expect(held.map(\.type) == ["property", "property", "property"])
    }

    // MARK: Search

    @Test func findsWhatMatchesAll() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        let small = heap.add(to: global, "Session", 10)
        let large = heap.add(to: global, "Session", 1000)
        _ = heap.add(to: global, "Session", 0)
        let text = heap.add(to: global, "a secret word", 500, type: "string")
        let (first, second) = (
            heap.add(to: global, "sec", 20, type: "string"), heap.add(to: global, "ret", 20, type: "string")
        )
        let cons = heap.add(to: global, "", 30, type: "concatenated string")
        heap.link(cons, first, "first", "internal")
        heap.link(cons, second, "second", "internal")
        let plain = heap.add(to: global, "Object", 40)
        heap.link(plain, global, "secretKey")
        let analysis = try heap.analysis()
        func find(_ className: String?, _ size: UInt64, _ text: String?, limit: Int = 99) -> [Int] {
            var filter = ObjectFilter()
            (filter.className, filter.leastRetainedSize, filter.text) = (className, size, text)
            return analysis.find(filter, atMost: limit).objects.map(\.ordinal)
        }
        #expect(find("Session", 0, nil) == [large, small])
        #expect(find("Session", 11, nil) == [large])
        #expect(find("Session", 1000, nil) == [large] && find("Session", 1001, nil).isEmpty)
        #expect(find("Session", 0, nil, limit: 1) == [large])
        #expect(find(nil, 0, "secret") == [text, plain, cons])
        #expect(find("(string)", 0, "secret") == [text])
        #expect(find(nil, 0, "SECRET").isEmpty && find("Sess", 0, nil).isEmpty)
        #expect(find(nil, 600, "").count == 2)
        #expect(analysis.node(withID: heap.nodes[large].id) == large && analysis.node(withID: 2) == nil)
    }

    // MARK: The map

    private static func count(_ node: TreemapNode) -> (boxes: Int, depth: Int) {
        let below = node.children.map(count)
        return (1 + below.reduce(0) { $0 + $1.boxes }, 1 + (below.map(\.depth).max() ?? 0))
    }

    /// What is held is in a box, in a group, or among the others.
    private static func sumsAreRight(_ node: TreemapNode) -> Bool {
        let below = node.children.reduce(0) { $0 + $1.object.retainedSize }
        let groups = node.groups.reduce(0) { $0 + $1.retainedSize }
        return node.object.retainedSize == node.object.shallowSize + below + groups + node.othersSize
            && node.children.allSatisfy(sumsAreRight)
    }

    @Test func drawsAsMuchAsAPageBears() throws {
        var random = SeededGenerator(state: 3)
        var heap = SmallHeap()
        var nodes = [heap.addGlobal()]
        for number in 0..<20_000 {
            // Wide at first, and deep later.
            let holder =
                number < 10_000
                ? nodes[number % 60] : nodes[Int.random(in: nodes.count / 2..<nodes.count, using: &random)]
            nodes.append(
                heap.add(
                    to: holder, "C\(number % 100)",
                    UInt64.random(in: 0...(number < 200 ? 100_000 : 5000), using: &random)))
        }
        let map = try heap.analysis().treemap()
        let (boxes, depth) = Self.count(map)
        #expect(boxes > 10 && boxes <= 1500 && depth <= 25, "\(boxes) \(depth)")
        #expect(Self.sumsAreRight(map))
    }

    /// Each of more than fit is worth a box.
    @Test func drawsNoMoreThanAPageBears() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        for _ in 0..<60 {
            let holder = heap.add(to: global, "Holder", 10)
            for _ in 0..<40 { _ = heap.add(to: holder, "Part", 1000) }
        }
        let map = try heap.analysis().treemap()
        #expect(map.children.first?.children.count == 40)
        #expect(Self.count(map).boxes == 1 + 1 + 40)
        var fewer = SmallHeap()
        let root = fewer.addGlobal()
        for _ in 0..<40 {
            let holder = fewer.add(to: root, "Holder", 10)
            for _ in 0..<40 { _ = fewer.add(to: holder, "Part", 1000) }
        }
        let full = try fewer.analysis().treemap()
        #expect(Self.count(full).boxes == 1500 && Self.sumsAreRight(full))
    }

    @Test func drawsADeepChainToABoundedDepth() throws {
        var heap = SmallHeap()
        var last = heap.addGlobal()
        for _ in 0..<2000 { last = heap.add(to: last, "Link", 100) }
        let map = try heap.analysis().treemap()
        #expect(Self.count(map).depth == 25 && Self.sumsAreRight(map))
    }

    @Test func putsSmallObjectsTogether() throws {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        _ = heap.add(to: global, "Large", 1_000_000)
        for _ in 0..<500 { _ = heap.add(to: global, "Small", 10) }
        _ = heap.add(to: global, "Tiny", 1)
        let map = try #require(try heap.analysis().treemap().children.first)
        #expect(map.children.map(\.object.class) == ["Large"])
        #expect(map.groups.map(\.class) == ["Small"] && map.groups.first?.count == 500)
        #expect(map.othersCount == 1 && map.othersSize == 1)
    }
}
