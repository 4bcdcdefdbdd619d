import HeapSnapshot

/// Finds shortest paths to a few nodes at once, without a list of what leads to each node, which is as large as the heap: a pass
/// over the nodes that are one nearer to the roots than the farthest of those nodes brings these nearer by one.
struct PathSearch {
    private let analysis: HeapAnalysis

    /// From the application's roots, and as many from the system's: so many passes cost less than to list what leads to each node.
    private static let mostPasses: Int32 = 64

    init(_ analysis: HeapAnalysis) {
        self.analysis = analysis
    }

    /// - Returns: by node; nil where there is no memory.
    func paths(to nodes: [Int]) -> [Int: RetainingPath]? {
        var paths: [Int: RetainingPath] = [:]
        let far = nodes.filter { depth($0) > Self.mostPasses }
        if !far.isEmpty {
            guard let retainers = Retainers(analysis.graph) else { return nil }
            let finder = PathFinder(analysis, retainers)
            for node in far { paths[node] = finder.path(to: node) }
        }
        let near = nodes.filter { depth($0) <= Self.mostPasses }
        guard let found = hops(to: Array(Set(near))) else { return nil }
        for (node, hops) in found { paths[node] = RetainingPath(to: node, hops, analysis) }
        return paths
    }

    private func depth(_ node: Int) -> Int32 {
        let distance = analysis.pathDistances[node]
        return distance >= Distances.systemBase ? distance - Distances.systemBase : distance
    }

    private struct Candidate {
        var hop: Hop
        var rank: Int
    }

    /// - Returns: by node, the last first; nil where there is no memory.
    ///
    /// The farthest are brought nearer first: so each level of the heap is looked at once, for all that have come there.
    private func hops(to nodes: [Int]) -> [Int: [Hop]]? {
        let graph = analysis.graph
        let distance = analysis.pathDistances
        var hops = Dictionary(uniqueKeysWithValues: nodes.map { ($0, [Hop]()) })
        var heads = Dictionary(uniqueKeysWithValues: nodes.map { ($0, $0) })
        guard !nodes.isEmpty else { return hops }
        guard let isHead = BitColumn(count: graph.nodeCount), let levels = DistanceLevels(analysis.pathDistances) else {
            return nil
        }
        defer { withExtendedLifetime((isHead, levels)) {} }
        while true {
            heads = heads.filter { $0.value != HeapGraph.root && distance[$0.value] != Distances.unreachable }
            guard let level = heads.values.lazy.map({ distance[$0] }).max() else { return hops }
            let wanted = Set(heads.values.filter { distance[$0] == level })
            for node in wanted { isHead.set(node) }
            var search = LevelSearch(graph, isHead, count: wanted.count)
            // The root itself has a distance of its own.
            if level == 1 || level == Distances.systemBase + 1 {
                search.look(HeapGraph.root)
            } else {
                levels.forEach(at: level - 1) { node in
                    search.look(node)
                    return !search.isDone
                }
            }
            for node in wanted { isHead.clear(node) }
            for (node, head) in heads where distance[head] == level {
                guard let candidate = search.found[head] else {
                    heads[node] = HeapGraph.root
                    continue
                }
                hops[node]?.append(candidate.hop)
                heads[node] = candidate.hop.source
            }
        }
    }

    /// Looks for what leads to some nodes.
    private struct LevelSearch {
        private let edge: UnsafeMutablePointer<UInt32>
        private let first: UnsafeMutablePointer<UInt32>
        private let isHead: BitColumn
        private let count: Int
        private var best = 0
        private(set) var found: [Int: Candidate] = [:]

        init(_ graph: HeapGraph, _ isHead: BitColumn, count: Int) {
            (edge, first) = (graph.edge, graph.first)
            self.isHead = isHead
            self.count = count
        }

        /// Whether nothing better can come.
        var isDone: Bool { best == count }

        @inline(__always)
        mutating func look(_ source: Int) {
            var index = Int(first[source])
            let end = Int(first[source &+ 1])
            while index < end {
                let packed = edge[index]
                if isHead[PackedEdge.target(packed)] { note(source, index, packed) }
                index &+= 1
            }
        }

        @inline(never)
        private mutating func note(_ source: Int, _ index: Int, _ packed: UInt32) {
            let target = PackedEdge.target(packed)
            let type = PackedEdge.type(packed)
            guard target != source, type != EdgeType.weak.rawValue else { return }
            let rank = Hop.rank(type)
            guard rank < found[target]?.rank ?? .max else { return }
            found[target] = Candidate(hop: Hop(edge: index, source: source), rank: rank)
            if rank == Hop.bestRank { best += 1 }
        }
    }
}
