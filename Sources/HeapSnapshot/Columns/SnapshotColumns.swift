/// A heap snapshot in memory: one column a field. A node is named by its ordinal, an edge by its place among all edges; those
/// of a node stand together.
public final class SnapshotColumns: @unchecked Sendable {
    public let nodeCount: Int
    public let edgeCount: Int
    /// By number.
    public let nodeTypeNames: [String]
    public let typeCodes: NodeTypeCodes
    /// Whether nodes tell if they are detached from their document.
    public let hasDetachedness: Bool
    /// In bytes.
    public let extraNativeBytes: UInt64
    /// Codes of types, by node.
    public let types: Column<UInt8>
    /// Numbers of types, by node; nil if these are the codes.
    public let typeNumbers: Column<UInt32>?
    /// Indices of strings.
    public let names: Column<UInt32>
    public let ids: NodeIDColumn
    public let selfSizes: SizeColumn
    /// Where the edges of each node begin; one more for the end of the last.
    public let firstEdges: Column<UInt32>
    /// See `PackedEdge`.
    public let edgeTargets: Column<UInt32>
    /// Indices of strings, but of elements and hidden edges, which have plain numbers.
    public let edgeNames: Column<UInt32>
    public let strings: StringColumn
    /// nil where the document has none.
    public let locations: ScriptLocations?
    /// Of the nodes that have one other than 0: 1 attached, 2 detached.
    public let detachedness: [(ordinal: Int, state: UInt8)]

    init(
        nodeCount: Int, edgeCount: Int, nodeTypeNames: [String], hasDetachedness: Bool, extraNativeBytes: UInt64,
        types: Column<UInt8>, typeNumbers: Column<UInt32>?, names: Column<UInt32>, ids: NodeIDColumn,
        selfSizes: SizeColumn,
        firstEdges: Column<UInt32>, edgeTargets: Column<UInt32>, edgeNames: Column<UInt32>, strings: StringColumn,
        locations: ScriptLocations?, detachedness: [(ordinal: Int, state: UInt8)]
    ) {
        self.nodeCount = nodeCount
        self.edgeCount = edgeCount
        self.nodeTypeNames = nodeTypeNames
        typeCodes = NodeTypeCodes(nodeTypeNames)
        self.hasDetachedness = hasDetachedness
        self.extraNativeBytes = extraNativeBytes
        self.types = types
        self.typeNumbers = typeNumbers
        self.names = names
        self.ids = ids
        self.selfSizes = selfSizes
        self.firstEdges = firstEdges
        self.edgeTargets = edgeTargets
        self.edgeNames = edgeNames
        self.strings = strings
        self.locations = locations
        self.detachedness = detachedness
    }

    /// In bytes.
    @inlinable @inline(__always)
    public func selfSize(_ ordinal: Int) -> UInt64 { selfSizes[ordinal] }

    /// Number of the node's type: a place in `nodeTypeNames`.
    @inlinable @inline(__always)
    public func typeNumber(_ ordinal: Int) -> Int {
        if let typeNumbers { return Int(typeNumbers.base[ordinal]) }
        return Int(types.base[ordinal])
    }

    public func id(_ ordinal: Int) -> UInt64 { ids[ordinal] }

    @inlinable @inline(__always)
    public func edges(of ordinal: Int) -> Range<Int> {
        let first = firstEdges.base[ordinal]
        return Range(uncheckedBounds: (Int(first), Int(firstEdges.base[ordinal &+ 1])))
    }
}
