import HeapSnapshot

/// Finds shortest paths by the list of what leads to each node.
struct PathFinder: Sendable {
    private let analysis: HeapAnalysis
    private let retainers: Retainers

    init(_ analysis: HeapAnalysis, _ retainers: Retainers) {
        self.analysis = analysis
        self.retainers = retainers
    }

    func path(to node: Int) -> RetainingPath { RetainingPath(to: node, hops(to: node), analysis) }

    /// The last first; none where nothing leads to the node.
    func hops(to node: Int, atMost limit: Int = .max) -> [Hop] {
        var hops: [Hop] = []
        var current = node
        while hops.count < limit, current != HeapGraph.root, let hop = nearest(to: current) {
            hops.append(hop)
            current = hop.source
        }
        return hops
    }

    /// From a node that is one nearer to the roots.
    private func nearest(to node: Int) -> Hop? {
        let distance = analysis.distances[node]
        guard distance != Distances.unreachable else { return nil }
        var best: Hop?
        var bestRank = Int.max
        for edge in retainers.edges(to: node) {
            let index = Int(edge)
            let type = PackedEdge.type(analysis.graph.edge[index])
            if type == EdgeType.weak.rawValue { continue }
            let source = retainers.source(ofEdge: index)
            guard source != node, Hop.isNearer(source, than: distance, analysis.distances) else { continue }
            let rank = Hop.rank(type)
            if rank < bestRank { (best, bestRank) = (Hop(edge: index, source: source), rank) }
            if rank == 0 { break }
        }
        return best
    }
}
