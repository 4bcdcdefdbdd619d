import HeapSnapshot

/// The objects of the application, as against those of a debugger: what global objects and documents reach.
enum PageObjects {
    /// - Returns: nil where there is no memory.
    static func mark(_ graph: HeapGraph) -> BitColumn? {
        guard let marks = BitColumn(count: graph.nodeCount), let stack = Column<UInt32>(count: graph.nodeCount + 1)
        else { return nil }
        var top = 0
        let (edge, work) = (graph.edge, stack.base)
        for index in graph.edges(of: HeapGraph.root) {
            let node = PackedEdge.target(edge[index])
            switch EdgeType(rawValue: PackedEdge.type(edge[index])) {
            case .shortcut: break
            case .element:
                guard graph.type[node] == graph.types.synthetic, graph.tag(ofNode: node) == .documentDOMTrees else {
                    continue
                }
            default: continue
            }
            guard !marks[node] else { continue }
            marks.set(node)
            work[top] = UInt32(truncatingIfNeeded: node)
            top &+= 1
        }
        while top > 0 {
            top &-= 1
            for index in graph.edges(of: Int(work[top])) {
                let packed = edge[index]
                let node = PackedEdge.target(packed)
                if marks[node] || PackedEdge.type(packed) == EdgeType.weak.rawValue { continue }
                marks.set(node)
                work[top] = UInt32(truncatingIfNeeded: node)
                top &+= 1
            }
        }
        return marks
    }
}
