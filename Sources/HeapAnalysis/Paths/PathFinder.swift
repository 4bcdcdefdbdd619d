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
    func hops(to node: Int) -> [Hop] {
        var known = KnownHops(least: .max)
        return hops(to: node, atMost: .max, &known)
    }

    /// - Parameter known: what was found for other nodes.
    func hops(to node: Int, atMost limit: Int, _ known: inout KnownHops) -> [Hop] {
        var hops: [Hop] = []
        var current = node
        while hops.count < limit, current != HeapGraph.root, let hop = nearest(to: current, &known) {
            hops.append(hop)
            current = hop.source
        }
        return hops
    }

    private func nearest(to node: Int, _ known: inout KnownHops) -> Hop? {
        guard retainers.edges(to: node).count >= known.least else { return nearest(to: node) }
        if let hop = known.hops[node] { return hop }
        let hop = nearest(to: node)
        known.hops[node] = .some(hop)
        return hop
    }

    /// From a node that is one nearer to the roots.
    private func nearest(to node: Int) -> Hop? {
        let distance = analysis.pathDistances[node]
        guard distance != Distances.unreachable else { return nil }
        var best: Hop?
        var bestRank = Int.max
        for edge in retainers.edges(to: node) {
            let index = Int(edge)
            let type = PackedEdge.type(analysis.graph.edge[index])
            if type == EdgeType.weak.rawValue { continue }
            let source = retainers.source(ofEdge: index)
            guard source != node, Hop.isNearer(source, than: distance, analysis.pathDistances) else { continue }
            let rank = Hop.rank(type)
            if rank < bestRank { (best, bestRank) = (Hop(edge: index, source: source), rank) }
            if rank == 0 { break }
        }
        return best
    }
}

/// The hops to nodes that many edges lead to: the paths of many objects go through such a node, and to find its hop takes looking
/// at all of them.
struct KnownHops {
    /// Fewer edges are looked at anew.
    let least: Int
    var hops: [Int: Hop?] = [:]

    init(least: Int = 16) {
        self.least = least
    }
}
