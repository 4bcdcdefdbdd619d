import HeapSnapshot

/// The objects of the application, as against those of a debugger: what global objects and documents reach.
enum PageObjects {
    /// - Returns: nil where there is no memory.
    static func mark(_ columns: SnapshotColumns) -> BitColumn? {
        let synthetic = NodeTypes(columns.typeCodes).synthetic
        guard let marks = BitColumn(count: columns.nodeCount),
            let stack = Column<UInt32>(count: columns.nodeCount + 1, isZero: false)
        else { return nil }
        defer { withExtendedLifetime(stack) {} }
        var top = 0
        let (edge, first, work) = (columns.edgeTargets.base, columns.firstEdges.base, stack.base)
        for index in columns.edges(of: HeapGraph.root) {
            let node = PackedEdge.target(edge[index])
            switch EdgeType(rawValue: PackedEdge.type(edge[index])) {
            case .shortcut: break
            case .element:
                guard columns.types[node] == synthetic,
                    columns.strings[Int(columns.names[node])].elementsEqual("(Document DOM trees)".utf8)
                else { continue }
            default: continue
            }
            guard !marks[node] else { continue }
            marks.set(node)
            work[top] = UInt32(truncatingIfNeeded: node)
            top &+= 1
        }
        while top > 0 {
            top &-= 1
            let holder = Int(work[top])
            for index in Int(first[holder])..<Int(first[holder &+ 1]) {
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
