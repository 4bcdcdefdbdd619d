import HeapSnapshot

/// The edges that lead to each node.
struct Retainers: @unchecked Sendable {
    private let graph: HeapGraph
    private let first: Column<UInt32>
    private let edges: Column<UInt32>

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph) {
        guard let first = Column<UInt32>(count: graph.nodeCount + 2), let edges = Column<UInt32>(count: graph.edgeCount)
        else { return nil }
        let (slot, edge) = (first.base, graph.edge)
        // Shifted by two, so that what counts where a list begins ends as where the one before it does.
        for index in 0..<graph.edgeCount {
            let target = PackedEdge.target(edge[index])
            if target &+ 2 <= graph.nodeCount { slot[target &+ 2] &+= 1 }
        }
        var node = 2
        while node <= graph.nodeCount {
            slot[node] &+= slot[node &- 1]
            node &+= 1
        }
        for index in 0..<graph.edgeCount {
            let target = PackedEdge.target(edge[index]) &+ 1
            edges.base[Int(slot[target])] = UInt32(truncatingIfNeeded: index)
            slot[target] &+= 1
        }
        self.graph = graph
        self.first = first
        self.edges = edges
    }

    /// Places among all edges.
    func edges(to node: Int) -> UnsafeBufferPointer<UInt32> {
        let start = Int(first[node])
        return UnsafeBufferPointer(start: edges.base + start, count: Int(first[node + 1]) - start)
    }

    /// The node that an edge leads from.
    func source(ofEdge index: Int) -> Int {
        var low = 0
        var high = graph.nodeCount
        // The last node whose edges do not begin after it; nodes without edges begin where the next does.
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(graph.first[middle]) <= index { low = middle } else { high = middle }
        }
        return low
    }
}
