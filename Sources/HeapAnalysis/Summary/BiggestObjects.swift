import HeapSnapshot

/// The single objects that most memory hangs on.
enum BiggestObjects {
    /// A child with this share of what its holder holds is the one to tell of.
    private static let passedOn = 0.8

    /// The largest first, without V8's own roots and stores, and without those that only pass on what one other object holds.
    static func find(_ analysis: HeapAnalysis, count: Int) -> [Int] {
        let graph = analysis.graph
        let retained = analysis.tree.retainedSizes
        var found: [Int] = []
        var least: UInt64 = 1
        for node in 1..<max(graph.nodeCount, 1) where retained.base[node] >= least {
            let type = graph.type[node]
            if type == graph.types.synthetic || type == graph.types.hidden || type == graph.types.array
                || type == graph.types.code || analysis.distances[node] <= 1
                || analysis.distances[node] >= Distances.systemBase || passesOn(analysis, node)
            {
                continue
            }
            let place = found.firstIndex { retained[$0] < retained[node] } ?? found.count
            found.insert(node, at: place)
            if found.count > count { found.removeLast() }
            if found.count == count, let last = found.last { least = retained[last] + 1 }
        }
        return found
    }

    private static func passesOn(_ analysis: HeapAnalysis, _ node: Int) -> Bool {
        let limit = UInt64(Double(analysis.tree.retainedSizes[node]) * passedOn)
        var child = Int(analysis.tree.firstChild[node])
        while child != 0 {
            if analysis.tree.retainedSizes[child] >= limit {
                // An array's store is the array's; of a list, the first is the one to tell of.
                let type = analysis.graph.type[child]
                if type == analysis.graph.types.array || type == analysis.graph.types.hidden {
                    return passesOn(analysis, child)
                }
                let isList = analysis.names.ofNode[child] == analysis.names.ofNode[node]
                let holder = Int(analysis.tree.dominators[node])
                return !isList || analysis.names.ofNode[holder] == analysis.names.ofNode[node]
            }
            child = Int(analysis.tree.nextSibling[child])
        }
        return false
    }
}
