import HeapSnapshot

/// The nodes and edges of a snapshot as the analysis' inner loops read them. Valid as long as the columns.
struct HeapGraph: @unchecked Sendable {
    let columns: SnapshotColumns
    let types: NodeTypes
    let tags: TextTags
    let nodeCount: Int
    let edgeCount: Int
    let type: UnsafeMutablePointer<UInt8>
    let name: UnsafeMutablePointer<UInt32>
    let first: UnsafeMutablePointer<UInt32>
    let edge: UnsafeMutablePointer<UInt32>
    let edgeName: UnsafeMutablePointer<UInt32>

    /// Of the root.
    static let root = 0

    init?(_ columns: SnapshotColumns) {
        guard let tags = TextTags(columns.strings) else { return nil }
        self.columns = columns
        self.tags = tags
        types = NodeTypes(columns.nodeTypeNames)
        nodeCount = columns.nodeCount
        edgeCount = columns.edgeCount
        type = columns.types.base
        name = columns.names.base
        first = columns.firstEdges.base
        edge = columns.edgeTargets.base
        edgeName = columns.edgeNames.base
    }

    @inline(__always)
    func edges(of node: Int) -> Range<Int> { columns.edges(of: node) }

    /// Of the name of a node.
    @inline(__always)
    func tag(ofNode node: Int) -> TextTag { tags[name[node]] }

    /// Of the name of an edge that has a string for one: neither an element nor a hidden edge.
    @inline(__always)
    func tag(ofEdge index: Int) -> TextTag { tags[edgeName[index]] }

    @inline(__always)
    static func hasStringName(_ edgeType: UInt32) -> Bool {
        edgeType != EdgeType.element.rawValue && edgeType != EdgeType.hidden.rawValue
    }

    /// Whether the application holds it, not V8: what DevTools measures distances from.
    func isUserRoot(_ node: Int) -> Bool {
        type[node] != types.synthetic || tag(ofNode: node) == .documentDOMTrees
    }
}
