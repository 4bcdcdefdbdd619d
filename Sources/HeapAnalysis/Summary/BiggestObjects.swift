import HeapSnapshot

/// The single objects that most memory hangs on.
enum BiggestObjects {
    /// A child with this share of what its holder holds is the one to tell of.
    private static let passedOn = 0.8

    /// The largest first, without V8's own roots and stores, and without those that only pass on what one other object holds.
    static func find(_ analysis: HeapAnalysis, count: Int) -> [Int] {
        let graph = analysis.graph
        let retained = analysis.tree.retainedSizes
        var largest = LargestNodes(count, from: 1, retained)
        for node in 1..<max(graph.nodeCount, 1) where retained[node] >= largest.leastSize {
            let type = graph.type[node]
            if type == graph.types.synthetic || type == graph.types.hidden || type == graph.types.array
                || type == graph.types.code || analysis.distances[node] <= 1
                || analysis.distances[node] >= Distances.systemBase || passesOn(analysis, node)
            {
                continue
            }
            largest.offer(node)
        }
        return largest.nodes
    }

    private static func passesOn(_ analysis: HeapAnalysis, _ node: Int) -> Bool {
        let (tree, types) = (analysis.tree, analysis.graph.types)
        var node = node
        while true {
            let limit = UInt64(Double(tree.retainedSizes[node]) * passedOn)
            guard let child = tree.children(of: node).first(where: { tree.retainedSizes[$0] >= limit }) else {
                return false
            }
            // An array's store is the array's; of a list, the first is the one to tell of.
            let type = analysis.graph.type[child]
            guard type == types.array || type == types.hidden else {
                let isList = analysis.names.ofNode[child] == analysis.names.ofNode[node]
                let holder = Int(tree.dominators[node])
                return !isList || analysis.names.ofNode[holder] == analysis.names.ofNode[node]
            }
            node = child
        }
    }
}
