import HeapSnapshot

/// Which group a node belongs to.
protocol NodeGroups {
    /// How many there are.
    var count: Int { get }
    /// - Returns: from 0; less for none.
    func group(of node: Int) -> Int
}

/// Counts and sizes of groups of nodes, such as classes.
struct GroupTable {
    struct Row {
        var count: UInt64 = 0
        var shallowSize: UInt64 = 0
        var retainedSize: UInt64 = 0
        var distance = Int32.max
        /// Of those that take memory.
        var firstNode: UInt32 = 0
    }

    /// By group.
    private(set) var rows: [Row]

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, _ groups: some NodeGroups, _ distances: Column<Int32>, _ tree: DominatorTree) {
        guard let active = Column<UInt8>(count: groups.count), let owners = BitColumn(count: graph.nodeCount) else {
            return nil
        }
        rows = [Row](repeating: Row(), count: groups.count)
        let distance = distances.base
        rows.withUnsafeMutableBufferPointer { rows in
            for node in 0..<graph.nodeCount {
                let index = groups.group(of: node)
                if index < 0 { continue }
                let size = graph.columns.selfSize(node)
                if size == 0 { continue }
                if rows[index].count == 0 { rows[index].firstNode = UInt32(truncatingIfNeeded: node) }
                rows[index].count &+= 1
                rows[index].shallowSize &+= size
                if distance[node] < rows[index].distance { rows[index].distance = distance[node] }
            }
            Self.addRetainedSizes(graph, groups, tree, active.base, owners, rows)
        }
    }

    /// Walks down the tree of dominators: an object below another of its group is in the size of that already.
    private static func addRetainedSizes(
        _ graph: HeapGraph, _ groups: some NodeGroups, _ tree: DominatorTree,
        _ active: UnsafeMutablePointer<UInt8>, _ owners: BitColumn, _ rows: UnsafeMutableBufferPointer<Row>
    ) {
        let (first, next, dominator, retained) = (
            tree.firstChild.base, tree.nextSibling.base, tree.dominators.base, tree.retainedSizes.base
        )
        var node = HeapGraph.root
        while true {
            let index = groups.group(of: node)
            let child = Int(first[node])
            if index >= 0, active[index] == 0, !graph.columns.selfSizes.isZero(node) {
                rows[index].retainedSize &+= retained[node]
                if child != 0 {
                    active[index] = 1
                    owners.set(node)
                }
            }
            if child != 0 {
                node = child
                continue
            }
            while next[node] == 0, node != HeapGraph.root {
                node = Int(dominator[node])
                if owners[node] { active[groups.group(of: node)] = 0 }
            }
            if node == HeapGraph.root { return }
            node = Int(next[node])
        }
    }
}
