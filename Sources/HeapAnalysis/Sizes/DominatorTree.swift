import HeapSnapshot

/// Who holds whom: the immediate dominator of each node is the one that all paths from the root to it go through last.
///
/// By Semi-NCA (Georgiadis, Linear-Time Algorithms for Dominators and Related Problems, 2005, section 2.3), which is nearly
/// linear on real heaps. The arrays are few and are given back as soon as may be: they are the largest memory of an analysis.
struct DominatorTree: @unchecked Sendable {
    /// By node; the root's is itself.
    let dominators: Column<UInt32>
    /// The first node that a node dominates immediately; 0 for none, since the root is nobody's child.
    let firstChild: Column<UInt32>
    /// The next of those that the same node dominates; 0 at the end.
    let nextSibling: Column<UInt32>
    /// In bytes, by node: what would be freed with it.
    let retainedSizes: Column<UInt64>

    /// The nodes in the order of a depth-first search, from 1, and the parent of each in its tree.
    private struct SpanningTree {
        let vertices: Column<UInt32>
        let parents: Column<UInt32>
        /// By node.
        var numbers: Column<UInt32>?
    }

    /// Dominators as positions in the spanning tree.
    struct Order: @unchecked Sendable {
        fileprivate let vertices: Column<UInt32>
        fileprivate let dominators: Column<UInt32>
    }

    /// The part that needs no sizes, which are made ready elsewhere meanwhile.
    /// - Returns: nil where there is no memory.
    static func order(_ graph: HeapGraph) -> Order? {
        guard let essential = EssentialEdges.mark(graph), var tree = span(graph, essential),
            let predecessors = predecessors(graph, essential, &tree)
        else { return nil }
        tree.numbers = nil
        guard let dominators = semiNCA(graph.nodeCount, tree, predecessors) else { return nil }
        return Order(vertices: tree.vertices, dominators: dominators)
    }

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, _ order: Order) {
        let count = graph.nodeCount
        guard let dominators = Column<UInt32>(count: count), let firstChild = Column<UInt32>(count: count),
            let nextSibling = Column<UInt32>(count: count), let retainedSizes = Column<UInt64>(count: count)
        else { return nil }
        let (vertex, numbered) = (order.vertices.base, order.dominators.base)
        let (dominator, first, next, retained) = (
            dominators.base, firstChild.base, nextSibling.base, retainedSizes.base
        )
        for node in 0..<count { retained[node] = graph.columns.selfSize(node) }
        var number = count
        while number >= 2 {
            let node = Int(vertex[number])
            let holder = Int(vertex[Int(numbered[number])])
            dominator[node] = UInt32(truncatingIfNeeded: holder)
            retained[holder] &+= retained[node]
            next[node] = first[holder]
            first[holder] = UInt32(truncatingIfNeeded: node)
            number &-= 1
        }
        self.dominators = dominators
        self.firstChild = firstChild
        self.nextSibling = nextSibling
        self.retainedSizes = retainedSizes
    }

    /// Searches from the root; then from nodes that only weak edges lead to, as if the root held them; what is left, cycles that
    /// nothing leads to, hangs on the root one by one (`HeapSnapshot.ts`, `calculateDominatorsAndRetainedSizes`).
    private static func span(_ graph: HeapGraph, _ essential: BitColumn) -> SpanningTree? {
        let count = graph.nodeCount
        guard let numbers = Column<UInt32>(count: count), let vertices = Column<UInt32>(count: count + 1),
            let parents = Column<UInt32>(count: count + 1), let nextEdges = Column<UInt32>(count: count)
        else { return nil }
        let search = DepthFirstSearch(
            first: graph.first, edge: graph.edge, essential: essential.pointer, number: numbers.base,
            vertex: vertices.base, parent: parents.base, nextEdge: nextEdges.base)
        var reached: UInt32 = 0
        search.run(from: HeapGraph.root, parent: 0, &reached)
        if Int(reached) < count {
            guard let held = heldNodes(graph, essential) else { return nil }
            for node in 0..<count where numbers.base[node] == 0 && !held[node] {
                search.run(from: node, parent: 1, &reached)
            }
            for node in 0..<count where numbers.base[node] == 0 {
                reached &+= 1
                numbers.base[node] = reached
                vertices.base[Int(reached)] = UInt32(truncatingIfNeeded: node)
                parents.base[Int(reached)] = 1
            }
        }
        return SpanningTree(vertices: vertices, parents: parents, numbers: numbers)
    }

    private static func heldNodes(_ graph: HeapGraph, _ essential: BitColumn) -> BitColumn? {
        guard let held = BitColumn(count: graph.nodeCount) else { return nil }
        for index in 0..<graph.edgeCount where essential[index] { held.set(PackedEdge.target(graph.edge[index])) }
        return held
    }

    /// The predecessors of every node, all as numbers of the spanning tree, one list after the other from the last node's to the
    /// first's: so they are read. The last of each list bears `lastMark`, which takes less memory than where each begins.
    private static func predecessors(
        _ graph: HeapGraph, _ essential: BitColumn, _ tree: inout SpanningTree
    ) -> Column<UInt32>? {
        let count = graph.nodeCount
        guard let numbers = tree.numbers, let slots = Column<UInt32>(count: count + 2) else { return nil }
        let (first, edge, words) = (graph.first, graph.edge, essential.pointer)
        let (number, vertex, slot) = (numbers.base, tree.vertices.base, slots.base)
        for index in 0..<graph.edgeCount where (words[index &>> 6] &>> UInt64(truncatingIfNeeded: index & 63)) & 1 != 0
        {
            slot[Int(number[PackedEdge.target(edge[index])])] &+= 1
        }
        // Who has none, is held by the root: such a list has the root alone.
        var total = 0
        var node = count
        while node >= 2 {
            let length = Int(max(slot[node], 1))
            slot[node] = UInt32(truncatingIfNeeded: total)
            total &+= length
            node &-= 1
        }
        guard total < UInt32.max, let lists = Column<UInt32>(count: total + 1) else { return nil }
        let list = lists.base
        var source = 1
        while source <= count {
            let node = Int(vertex[source])
            var index = Int(first[node])
            let end = Int(first[node &+ 1])
            while index < end {
                if (words[index &>> 6] &>> UInt64(truncatingIfNeeded: index & 63)) & 1 != 0 {
                    let target = Int(number[PackedEdge.target(edge[index])])
                    if target >= 2 {
                        let place = slot[target]
                        list[Int(place)] = UInt32(truncatingIfNeeded: source)
                        slot[target] = place &+ 1
                    }
                }
                index &+= 1
            }
            source &+= 1
        }
        // `slot` is now where each list ends, but for the empty ones, whose slot was never used.
        var start = 0
        node = count
        while node >= 2 {
            var end = Int(slot[node])
            if end == start {
                list[start] = 1
                end &+= 1
            }
            list[end &- 1] |= lastMark
            start = end
            node &-= 1
        }
        return lists
    }

    /// Above the 29 bits of a node.
    private static let lastMark: UInt32 = 1 << 31

    private static func semiNCA(_ count: Int, _ tree: SpanningTree, _ predecessors: Column<UInt32>) -> Column<UInt32>? {
        guard let semis = Column<UInt32>(count: count + 1), let labels = Column<UInt32>(count: count + 1),
            let ancestors = Column<UInt32>(count: count + 1), let path = Column<UInt32>(count: 1 << 10)
        else { return nil }
        let (parent, semi, label, ancestor) = (tree.parents.base, semis.base, labels.base, ancestors.base)
        for number in 0...count {
            let value = UInt32(truncatingIfNeeded: number)
            semi[number] = value
            label[number] = value
            ancestor[number] = parent[number]
        }
        var place = 0
        var node = count
        while node >= 2 {
            // Those above `node` have been linked to their parents.
            let linked = UInt32(truncatingIfNeeded: node)
            var best = linked
            var entry: UInt32
            repeat {
                entry = predecessors.base[place]
                place &+= 1
                let source = entry & ~lastMark
                var candidate = source
                if source > linked {
                    // Semi-NCA asks for the least number on the path alone, not for whose it is.
                    if ancestor[Int(source)] > linked {
                        guard compress(source, linked, label, ancestor, path) else { return nil }
                    }
                    candidate = label[Int(source)]
                }
                if candidate < best { best = candidate }
            } while entry & lastMark == 0
            semi[node] = best
            label[node] = best
            node &-= 1
        }
        // Up the tree of dominators to the nearest that is not below the semidominator.
        var number = 2
        while number <= count {
            var dominator = parent[number]
            let limit = semi[number]
            while dominator > limit { dominator = parent[Int(dominator)] }
            parent[number] = dominator
            number &+= 1
        }
        return tree.parents
    }

    /// Links all on the way to the topmost that is linked to the one below that, with the least label in between. The way may be
    /// as long as the longest list in the heap.
    /// - Returns: false where there is no memory.
    @inline(__always)
    private static func compress(
        _ source: UInt32, _ linked: UInt32, _ label: UnsafeMutablePointer<UInt32>,
        _ ancestor: UnsafeMutablePointer<UInt32>, _ path: Column<UInt32>
    ) -> Bool {
        var top = 0
        var node = Int(source)
        while ancestor[node] > linked {
            if top == path.count, !path.resize(to: path.count * 2) { return false }
            path.base[top] = UInt32(truncatingIfNeeded: node)
            top &+= 1
            node = Int(ancestor[node])
        }
        var least = label[node]
        let holder = ancestor[node]
        while top > 0 {
            top &-= 1
            let below = Int(path.base[top])
            if label[below] > least { label[below] = least } else { least = label[below] }
            ancestor[below] = holder
        }
        return true
    }
}

/// Numbers nodes in the order they are met.
private struct DepthFirstSearch {
    let first: UnsafeMutablePointer<UInt32>
    let edge: UnsafeMutablePointer<UInt32>
    let essential: UnsafeMutablePointer<UInt64>
    let number: UnsafeMutablePointer<UInt32>
    let vertex: UnsafeMutablePointer<UInt32>
    let parent: UnsafeMutablePointer<UInt32>
    let nextEdge: UnsafeMutablePointer<UInt32>

    func run(from root: Int, parent above: UInt32, _ reached: inout UInt32) {
        reached &+= 1
        let base = reached
        number[root] = reached
        vertex[Int(reached)] = UInt32(truncatingIfNeeded: root)
        parent[Int(reached)] = above
        nextEdge[root] = first[root]
        var node = root
        while true {
            var index = Int(nextEdge[node])
            let end = Int(first[node &+ 1])
            var child = -1
            while index < end {
                if (essential[index &>> 6] &>> UInt64(truncatingIfNeeded: index & 63)) & 1 != 0 {
                    let target = PackedEdge.target(edge[index])
                    if number[target] == 0 {
                        child = target
                        index &+= 1
                        break
                    }
                }
                index &+= 1
            }
            nextEdge[node] = UInt32(truncatingIfNeeded: index)
            if child >= 0 {
                reached &+= 1
                number[child] = reached
                vertex[Int(reached)] = UInt32(truncatingIfNeeded: child)
                parent[Int(reached)] = number[node]
                nextEdge[child] = first[child]
                node = child
            } else {
                let current = number[node]
                if current == base { return }
                node = Int(vertex[Int(parent[Int(current)])])
            }
        }
    }
}
