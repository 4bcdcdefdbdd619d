/// Checks the rows of `nodes`.
struct NodeRows: ~Copyable, RowConsumer {
    private let layout: NodeLayout
    private let declaredCount: UInt64
    private let declaredEdgeCount: UInt64
    private(set) var count: UInt64 = 0
    private(set) var edgeCountSum: UInt64 = 0
    /// In bytes, saturating.
    private(set) var totalSelfSize: UInt64 = 0
    private(set) var names = LargestIndex()
    /// The string index of the root's name.
    private(set) var rootName: UInt64 = 0
    /// Whether the root has the id 0, which V8 never gives.
    private(set) var hasForeignRoot = false
    /// How many nodes have a type that meta does not list.
    private(set) var unlistedTypeCount: UInt64 = 0
    private var ids: NodeIDSet
    /// nil where the nodes are only checked.
    private let columns: NodeColumns?

    /// For no nodes.
    init() {
        layout = NodeLayout()
        declaredCount = 0
        declaredEdgeCount = 0
        ids = NodeIDSet(memoryLimit: 0)
        columns = nil
    }

    init(_ header: SnapshotHeader, idMemoryLimit: Int, into columns: NodeColumns?) {
        layout = header.nodes
        declaredCount = header.nodeCount
        declaredEdgeCount = header.edgeCount
        ids = NodeIDSet(memoryLimit: idMemoryLimit)
        self.columns = columns
    }

    /// Whether every id could be compared with all others.
    var checkedEveryID: Bool { !ids.isExhausted }

    mutating func scanWhole(
        _ cursor: Cursor, width: Int, values: UnsafeMutablePointer<UInt64>, offsets: UnsafeMutablePointer<UInt64>
    ) throws(Rejection) -> Int {
        try RowKernel.scanWholeRows(cursor, width: width, values: values, offsets: offsets) {
            (values, offsets) throws(Rejection) in try accept(values, offsets)
        }
    }

    @inline(__always)
    mutating func accept(_ values: UnsafePointer<UInt64>, _ offsets: UnsafePointer<UInt64>) throws(Rejection) {
        guard count < declaredCount else {
            throw .breaks(.nodeCount, at: offsets[0], "there are more than the declared \(declaredCount) nodes")
        }
        let type = values[layout.type]
        guard type < layout.typeCount else {
            throw .breaks(
                .nodeType, at: offsets[layout.type], "node \(count) has type \(type) of \(layout.listedTypeCount) types"
            )
        }
        if type >= layout.listedTypeCount { unlistedTypeCount &+= 1 }
        if count == 0 { try acceptRoot(values, offsets) }
        names.note(values[layout.name], at: offsets[layout.name])
        let id = values[layout.id]
        guard ids.insert(id) else {
            throw .breaks(.nodeIDUnique, at: offsets[layout.id], "node \(count) has the id \(id) of an earlier node")
        }
        let (size, sizeOverflow) = totalSelfSize.addingReportingOverflow(values[layout.selfSize])
        totalSelfSize = sizeOverflow ? .max : size
        let (sum, sumOverflow) = edgeCountSum.addingReportingOverflow(values[layout.edgeCount])
        guard !sumOverflow, sum <= declaredEdgeCount else {
            throw .breaks(
                .edgeCountSum, at: offsets[layout.edgeCount],
                "the edge counts up to node \(count) exceed the declared \(declaredEdgeCount) edges")
        }
        if let columns { columns.store(values, at: Int(truncatingIfNeeded: count), firstEdge: edgeCountSum) }
        edgeCountSum = sum
        count &+= 1
    }

    @inline(never)
    private mutating func acceptRoot(
        _ values: UnsafePointer<UInt64>, _ offsets: UnsafePointer<UInt64>
    ) throws(Rejection) {
        guard let synthetic = layout.syntheticType, values[layout.type] == synthetic else {
            throw .breaks(.rootNode, at: offsets[layout.type], "the first node is not of the type synthetic")
        }
        let id = values[layout.id]
        guard id <= 1 else {
            throw .breaks(.rootNode, at: offsets[layout.id], "the first node has the id \(id), not 1")
        }
        hasForeignRoot = id == 0
        rootName = values[layout.name]
    }

    /// Checks what can be said only at the end of the section.
    func finish(at offset: UInt64) throws(Rejection) {
        guard count == declaredCount else {
            throw .breaks(.nodeCount, at: offset, "there are \(count) nodes, \(declaredCount) are declared")
        }
        guard edgeCountSum == declaredEdgeCount else {
            throw .breaks(
                .edgeCountSum, at: offset,
                "the edge counts add up to \(edgeCountSum), \(declaredEdgeCount) edges are declared")
        }
        guard count > 0 else { throw .breaks(.rootNode, at: offset, "there is no node") }
    }
}
