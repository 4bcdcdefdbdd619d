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

    /// The nodes that a node dominates immediately.
    struct Children: Sequence, IteratorProtocol {
        fileprivate let nextSibling: UnsafeMutablePointer<UInt32>
        fileprivate var child: UInt32

        mutating func next() -> Int? {
            guard child != 0 else { return nil }
            defer { child = nextSibling[Int(child)] }
            return Int(child)
        }
    }

    func children(of node: Int) -> Children { Children(nextSibling: nextSibling.base, child: firstChild[node]) }

    /// - Parameters:
    ///   - counts: of essential edges by what they lead to; used up.
    ///   - needsLess: called when most of the memory is given back.
    /// - Returns: nil where there is no memory.
    init?(
        _ graph: HeapGraph, _ essential: EssentialEdges, _ counts: Outcome<Column<UInt32>>, needsLess: () -> Void
    ) {
        guard let spanning = Self.dominatorNumbers(graph, essential, counts) else { return nil }
        needsLess()
        self.init(graph, vertices: spanning.vertices, dominators: spanning.parents)
    }

    /// - Returns: the tree with dominators instead of parents.
    private static func dominatorNumbers(
        _ graph: HeapGraph, _ essential: EssentialEdges, _ counts: Outcome<Column<UInt32>>
    ) -> SpanningTree? {
        guard let spanning = span(graph, essential, counts),
            let predecessors = predecessors(graph, essential, spanning, counts)
        else { return nil }
        return semiNCA(graph.nodeCount, spanning, predecessors) ? spanning : nil
    }

    /// Leaves nothing of what only it needs.
    private static func predecessors(
        _ graph: HeapGraph, _ essential: EssentialEdges, _ spanning: SpanningTree, _ counts: Outcome<Column<UInt32>>
    ) -> Predecessors? {
        guard let slots = counts.take() else { return nil }
        return Predecessors(graph, essential, slots: slots, spanning)
    }

    /// - Parameters:
    ///   - vertices: the nodes by their numbers; used up.
    ///   - numbered: the dominators' numbers, by number; used up.
    private init?(_ graph: HeapGraph, vertices: Column<UInt32>, dominators numbered: Column<UInt32>) {
        let count = graph.nodeCount
        guard let dominators = Column<UInt32>(count: count, isPopulated: true),
            let retainedSizes = Column<UInt64>(count: count, isPopulated: true)
        else { return nil }
        let (vertex, dominatorNumber) = (vertices.base, numbered.base)
        let (dominator, retained) = (dominators.base, retainedSizes.base)
        for node in 0..<count { retained[node] = graph.columns.selfSize(node) }
        var number = count
        while number >= 2 {
            let node = Int(vertex[number])
            let holder = Int(vertex[Int(dominatorNumber[number])])
            dominator[node] = UInt32(truncatingIfNeeded: holder)
            retained[holder] &+= retained[node]
            number &-= 1
        }
        self.dominators = dominators
        self.retainedSizes = retainedSizes
        // Both are done with, and as long as what is needed now.
        firstChild = vertices
        nextSibling = numbered
        let (first, next) = (vertices.base, numbered.base)
        first.update(repeating: 0, count: count)
        next[HeapGraph.root] = 0
        var node = count &- 1
        while node >= 1 {
            let holder = Int(dominator[node])
            next[node] = first[holder]
            first[holder] = UInt32(truncatingIfNeeded: node)
            node &-= 1
        }
    }

    /// Searches from the root; then from nodes that only weak edges lead to, as if the root held them; what is left, cycles that
    /// nothing leads to, hangs on the root one by one (`HeapSnapshot.ts`, `calculateDominatorsAndRetainedSizes`).
    private static func span(
        _ graph: HeapGraph, _ essential: EssentialEdges, _ counts: Outcome<Column<UInt32>>
    ) -> SpanningTree? {
        let count = graph.nodeCount
        guard let numbers = Column<UInt32>(count: count, isPopulated: true),
            let vertices = Column<UInt32>(count: count + 1, isPopulated: true),
            let parents = Column<UInt32>(count: count + 1, isPopulated: true),
            let nextEdges = Column<UInt32>(count: count, isPopulated: true),
            let edges = BitColumn(count: graph.edgeCount)
        else { return nil }
        let search = DepthFirstSearch(
            first: graph.first, edge: graph.edge, essential: essential.marks.pointer, number: numbers.base,
            vertex: vertices.base, parent: parents.base, nextEdge: nextEdges.base, treeEdge: edges.pointer)
        var reached: UInt32 = 0
        search.run(from: HeapGraph.root, parent: 0, &reached)
        var last = reached
        if Int(reached) < count {
            guard let held = counts.get() else { return nil }
            for node in 0..<count where numbers.base[node] == 0 && held.base[node] == 0 {
                search.run(from: node, parent: 1, &reached)
            }
            last = reached
            for node in 0..<count where numbers.base[node] == 0 {
                last &+= 1
                numbers.base[node] = last
                vertices.base[Int(last)] = UInt32(truncatingIfNeeded: node)
                parents.base[Int(last)] = 1
            }
        }
        return SpanningTree(vertices: vertices, parents: parents, edges: edges, reached: reached)
    }

    /// Makes of the parents in the spanning tree the dominators, as numbers.
    /// - Returns: false where there is no memory.
    private static func semiNCA(_ count: Int, _ tree: SpanningTree, _ predecessors: Predecessors) -> Bool {
        guard let labels = Column<UInt32>(count: count + 1, isPopulated: true),
            let ancestors = Column<UInt32>(count: count + 1, isPopulated: true),
            let path = Column<UInt32>(count: 1 << 10)
        else { return false }
        let (parent, label, ancestor) = (tree.parents.base, labels.base, ancestors.base)
        let (list, hasList) = (predecessors.lists.base, predecessors.haveLists)
        ancestor.update(from: parent, count: count &+ 1)
        var place = 0
        var node = count
        while node >= 2 {
            // Those above `node` have been linked to their parents.
            let linked = UInt32(truncatingIfNeeded: node)
            // Its parent is one of its predecessors, and not linked yet. What nothing leads to was hung on the root, and says nothing
            // of what it leads to itself.
            var best = linked > tree.reached ? linked : parent[node]
            guard hasList[node] else {
                label[node] = best
                node &-= 1
                continue
            }
            let start = place
            var entry: UInt32
            repeat {
                entry = list[place]
                place &+= 1
                let source = entry & ~Predecessors.lastMark
                var candidate = source
                if source > linked {
                    // Semi-NCA asks for the least number on the path alone, not for whose it is.
                    if ancestor[Int(source)] > linked {
                        guard compress(source, linked, label, ancestor, path) else { return false }
                    }
                    candidate = label[Int(source)]
                }
                if candidate < best { best = candidate }
            } while entry & Predecessors.lastMark == 0
            label[node] = best
            // The list is read: its first place keeps the semidominator.
            list[start] = best | list[start] & Predecessors.lastMark
            node &-= 1
        }
        // Up the tree of dominators to the nearest that is not below the semidominator. Whom only the parent leads to is held by that.
        var end = place
        var number = 2
        while number <= count {
            if hasList[number] {
                var start = end &- 1
                while start > 0, list[start &- 1] & Predecessors.lastMark == 0 { start &-= 1 }
                end = start
                let limit = list[start] & ~Predecessors.lastMark
                var dominator = parent[number]
                while dominator > limit { dominator = parent[Int(dominator)] }
                parent[number] = dominator
            }
            number &+= 1
        }
        return true
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
        var below = path.base
        var room = path.count
        while ancestor[node] > linked {
            if top == room {
                guard path.resize(to: room * 2) else { return false }
                (below, room) = (path.base, path.count)
            }
            below[top] = UInt32(truncatingIfNeeded: node)
            top &+= 1
            node = Int(ancestor[node])
        }
        var least = label[node]
        let holder = ancestor[node]
        while top > 0 {
            top &-= 1
            let node = Int(below[top])
            if label[node] > least { label[node] = least } else { least = label[node] }
            ancestor[node] = holder
        }
        return true
    }
}

/// The nodes in the order of a depth-first search, from 1, and the parent of each in its tree.
struct SpanningTree {
    let vertices: Column<UInt32>
    let parents: Column<UInt32>
    /// Those to each node from its parent.
    let edges: BitColumn
    /// The last that the search came to. Those above are held by nothing but each other.
    let reached: UInt32
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
    /// A bit for each edge: whether it is of the tree.
    let treeEdge: UnsafeMutablePointer<UInt64>

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
                        treeEdge[index &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: index & 63)
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
