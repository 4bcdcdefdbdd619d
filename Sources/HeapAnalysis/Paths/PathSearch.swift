import HeapSnapshot

/// Finds shortest paths to a few nodes at once, without a list of what leads to each node, which is as large as the heap: each pass
/// over the nodes that are one nearer to the roots finds one more hop of every path.
struct PathSearch {
    private let analysis: HeapAnalysis

    /// So many passes cost less than to list what leads to each node.
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
        for (node, hops) in hops(to: Array(Set(near))) { paths[node] = RetainingPath(to: node, hops, analysis) }
        return paths
    }

    private func depth(_ node: Int) -> Int32 {
        let distance = analysis.distances[node]
        return distance >= Distances.systemBase ? distance - Distances.systemBase : distance
    }

    /// Distances of up to `mostPasses`, also from the base of the system's.
    private struct Levels {
        private var near: UInt64 = 0
        private var system: UInt64 = 0

        init(_ distances: Set<Int32>) {
            for distance in distances {
                if distance >= Distances.systemBase {
                    system |= 1 << UInt64(distance - Distances.systemBase)
                } else if distance >= 0 {
                    near |= 1 << UInt64(distance)
                }
            }
        }

        @inline(__always)
        func contains(_ distance: Int32) -> Bool {
            let isSystem = distance >= Distances.systemBase
            let level = UInt32(bitPattern: isSystem ? distance &- Distances.systemBase : distance)
            return level < 64 && ((isSystem ? system : near) &>> UInt64(level)) & 1 != 0
        }
    }

    private struct Candidate {
        var hop: Hop
        var rank: Int
    }

    /// By node, the last first.
    private func hops(to nodes: [Int]) -> [Int: [Hop]] {
        let graph = analysis.graph
        let distance = analysis.distances.base
        var hops = Dictionary(uniqueKeysWithValues: nodes.map { ($0, [Hop]()) })
        var heads = Dictionary(uniqueKeysWithValues: nodes.map { ($0, $0) })
        guard let isHead = BitColumn(count: graph.nodeCount) else { return hops }
        while true {
            heads = heads.filter { $0.value != HeapGraph.root && distance[$0.value] != Distances.unreachable }
            guard !heads.isEmpty else { return hops }
            let wanted = Set(heads.values)
            var sourceDistances = Set(wanted.map { distance[$0] - 1 })
            // The root itself has a distance of its own.
            let isFromRoot = sourceDistances.remove(0) != nil || sourceDistances.contains(Distances.systemBase)
            for node in wanted { isHead.set(node) }
            var found: [Int: Candidate] = [:]
            func look(_ source: Int) {
                for index in graph.edges(of: source) {
                    let target = PackedEdge.target(graph.edge[index])
                    guard isHead[target], target != source else { continue }
                    let type = PackedEdge.type(graph.edge[index])
                    guard type != EdgeType.weak.rawValue, Hop.isNearer(source, than: distance[target], distance) else {
                        continue
                    }
                    let rank = Hop.rank(type)
                    if rank < found[target]?.rank ?? .max {
                        found[target] = Candidate(hop: Hop(edge: index, source: source), rank: rank)
                    }
                }
            }
            if isFromRoot { look(HeapGraph.root) }
            let levels = Levels(sourceDistances)
            for node in 1..<max(graph.nodeCount, 1) where levels.contains(distance[node]) { look(node) }
            for node in wanted { isHead.clear(node) }
            for (node, head) in heads {
                guard let candidate = found[head] else {
                    heads[node] = HeapGraph.root
                    continue
                }
                hops[node]?.append(candidate.hop)
                heads[node] = candidate.hop.source
            }
        }
    }
}
