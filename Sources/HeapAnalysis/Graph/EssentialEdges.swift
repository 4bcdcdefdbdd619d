import HeapSnapshot

/// The edges that hold what they lead to: those of which the dominator tree is built.
///
/// The rules are DevTools' (`HeapSnapshot.ts`, `computeIsEssentialEdge`): weak edges hold nothing; of the two edges to a value in a
/// WeakMap the key's counts, not the table's; shortcuts count from the root alone; and a debugger's objects hold none of the
/// application's.
struct EssentialEdges: Sendable {
    let marks: BitColumn

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, pageObjects: BitColumn) {
        guard let marks = BitColumn(count: graph.edgeCount) else { return nil }
        self.marks = marks
        defer { withExtendedLifetime(pageObjects) {} }
        let (edge, words) = (graph.edge, marks.pointer)
        let (weak, shortcut) = (EdgeType.weak.rawValue, EdgeType.shortcut.rawValue)
        let hasPairs = !graph.tags.pairs.isEmpty
        for node in 0..<graph.nodeCount {
            let isRoot = node == HeapGraph.root
            let isOpen = isRoot || pageObjects[node]
            for index in graph.edges(of: node) {
                let packed = edge[index]
                let type = PackedEdge.type(packed)
                let target = PackedEdge.target(packed)
                if type == weak || target == node || (type == shortcut && !isRoot) { continue }
                if !isOpen, pageObjects[target] { continue }
                if hasPairs, type == EdgeType.internal.rawValue, Self.isOfWeakMap(graph, index, node) { continue }
                words[index &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: index & 63)
            }
        }
    }

    /// How many lead to each node.
    /// - Returns: by node; nil where there is no memory.
    func countByTarget(_ graph: HeapGraph) -> Column<UInt32>? {
        guard let counts = Column<UInt32>(count: graph.nodeCount, isPopulated: true) else { return nil }
        let (edge, marks, count) = (graph.edge, marks, counts.base)
        for index in 0..<graph.edgeCount where marks[index] {
            count[PackedEdge.target(edge[index])] &+= 1
        }
        return counts
    }

    @inline(__always)
    private static func isOfWeakMap(_ graph: HeapGraph, _ edge: Int, _ node: Int) -> Bool {
        guard graph.tag(ofEdge: edge) == .weakMapPair, let pair = graph.tags.pairs[graph.edgeName[edge]] else {
            return false
        }
        return pair.tableID == graph.columns.id(node)
    }
}
