import HeapSnapshot

/// What DevTools' summary shows of a class.
public struct ClassSummary: Sendable {
    public let name: [UInt8]
    public let location: ClassLocation?
    /// Of objects that take memory.
    public let count: UInt64
    /// In bytes.
    public let shallowSize: UInt64
    /// In bytes; of objects that no other object of the class holds.
    public let retainedSize: UInt64
    /// Of the object nearest to the roots.
    public let distance: Int32
    /// Its place among all classes of the heap, which nodes refer to.
    public let index: Int
}

/// Counts and sizes of all classes.
struct ClassTable {
    struct Row {
        var count: UInt64 = 0
        var shallowSize: UInt64 = 0
        var retainedSize: UInt64 = 0
        var distance = Int32.max
        var firstNode = -1
    }

    /// By class.
    private(set) var rows: [Row]

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, _ names: ClassNames, _ distances: Column<Int32>, _ tree: DominatorTree) {
        let count = names.classes.count
        guard let active = Column<UInt8>(count: count) else { return nil }
        rows = [Row](repeating: Row(), count: count)
        let (ofNode, distance) = (names.ofNode.base, distances.base)
        rows.withUnsafeMutableBufferPointer { rows in
            for node in 0..<graph.nodeCount {
                let size = graph.columns.selfSize(node)
                if size == 0 { continue }
                let index = Int(ofNode[node])
                if rows[index].count == 0 { rows[index].firstNode = node }
                rows[index].count &+= 1
                rows[index].shallowSize &+= size
                if distance[node] < rows[index].distance { rows[index].distance = distance[node] }
            }
            Self.addRetainedSizes(graph, ofNode, tree, active.base, rows)
        }
    }

    /// Walks down the tree of dominators: an object below another of its class is in the size of that already.
    private static func addRetainedSizes(
        _ graph: HeapGraph, _ ofNode: UnsafeMutablePointer<UInt32>, _ tree: DominatorTree,
        _ active: UnsafeMutablePointer<UInt8>, _ rows: UnsafeMutableBufferPointer<Row>
    ) {
        let (first, next, dominator, retained) = (
            tree.firstChild.base, tree.nextSibling.base, tree.dominators.base, tree.retainedSizes.base
        )
        // Which nodes made their class active is known by the top bit of the class, on the way back up.
        guard let owners = BitColumn(count: graph.nodeCount) else { return }
        var node = HeapGraph.root
        while true {
            let index = Int(ofNode[node])
            let child = Int(first[node])
            if active[index] == 0, graph.columns.selfSizes.base[node] != 0 {
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
                if owners[node] { active[Int(ofNode[node])] = 0 }
            }
            if node == HeapGraph.root { return }
            node = Int(next[node])
        }
    }
}
