import HeapSnapshot

/// The nodes in the order of a depth-first search, from 1, and the parent of each in its tree.
final class SpanningTree: @unchecked Sendable {
    let vertices: Column<UInt32>
    let parents: Column<UInt32>
    /// Those to each node from its parent.
    private var edges: BitColumn?
    /// The last that the search came to. Those above are held by nothing but each other.
    private(set) var reached: UInt32 = 0
    /// What only the search needs.
    private var work: Work?

    private struct Work {
        let numbers: Column<UInt32>
        let nextEdges: Column<UInt32>
        let search: DepthFirstSearch
    }

    /// To have it ready when the search begins takes a good part of the time of the search.
    struct Memory: Sendable {
        fileprivate let numbers, vertices, parents, nextEdges: Column<UInt32>
        fileprivate let edges: BitColumn

        /// - Returns: nil where there is none.
        init?(_ graph: HeapGraph) {
            let count = graph.nodeCount
            guard let numbers = Column<UInt32>(count: count, isPopulated: true),
                let vertices = Column<UInt32>(count: count + 1, isPopulated: true, isZero: false),
                let parents = Column<UInt32>(count: count + 1, isPopulated: true, isZero: false),
                let nextEdges = Column<UInt32>(count: count, isPopulated: true, isZero: false),
                let edges = BitColumn(count: graph.edgeCount)
            else { return nil }
            (self.numbers, self.vertices, self.parents, self.nextEdges) = (numbers, vertices, parents, nextEdges)
            self.edges = edges
        }
    }

    /// Searches from the root.
    init(_ graph: HeapGraph, _ essential: EssentialEdges, _ memory: Memory) {
        (vertices, parents, edges) = (memory.vertices, memory.parents, memory.edges)
        let search = DepthFirstSearch(
            first: graph.first, edge: graph.edge, essential: essential.marks.pointer, number: memory.numbers.base,
            vertex: vertices.base, parent: parents.base, nextEdge: memory.nextEdges.base,
            treeEdge: memory.edges.pointer)
        work = Work(numbers: memory.numbers, nextEdges: memory.nextEdges, search: search)
        search.run(from: HeapGraph.root, parent: 0, &reached)
    }

    /// Goes on from nodes that only weak edges lead to, as if the root held them; what is left then, cycles that nothing leads to,
    /// hangs on the root one by one (`HeapSnapshot.ts`, `calculateDominatorsAndRetainedSizes`).
    /// - Parameter counts: of essential edges by what they lead to.
    func finish(_ counts: Column<UInt32>) {
        guard let work else { return }
        self.work = nil
        defer { withExtendedLifetime(work) {} }
        let count = counts.count
        guard Int(reached) < count else { return }
        let number = work.numbers.base
        for node in 0..<count where number[node] == 0 && counts.base[node] == 0 {
            work.search.run(from: node, parent: 1, &reached)
        }
        var last = reached
        for node in 0..<count where number[node] == 0 {
            last &+= 1
            number[node] = last
            vertices.base[Int(last)] = UInt32(truncatingIfNeeded: node)
            parents.base[Int(last)] = 1
        }
    }

    /// Those to each node from its parent, which are given away: what is left keeps no memory.
    func takeEdges() -> BitColumn? {
        defer { edges = nil }
        return edges
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
