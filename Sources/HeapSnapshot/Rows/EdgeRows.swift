/// Checks the rows of `edges`.
struct EdgeRows: RowConsumer {
    private let layout: EdgeLayout
    private let declaredCount: UInt64
    private let target: NodeReference
    private(set) var count: UInt64 = 0
    private(set) var names = LargestIndex()
    /// nil where the edges are only checked.
    private let columns: EdgeColumns?

    /// For no edges.
    init() {
        columns = nil
        layout = EdgeLayout()
        declaredCount = 0
        target = NodeReference(fieldCount: 1, limit: 0)
    }

    init(_ header: SnapshotHeader, into columns: EdgeColumns?) {
        self.columns = columns
        layout = header.edges
        declaredCount = header.edgeCount
        target = header.nodeReference
    }

    /// V8 writes the index of an element as a signed number of 32 bits: that of `array[4294967294]` is -2.
    var signedColumn: Int? { layout.name }

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
            throw .breaks(.edgeCount, at: offsets[0], "there are more than the declared \(declaredCount) edges")
        }
        let type = values[layout.type]
        guard type < layout.typeCount else {
            throw .breaks(
                .edgeType, at: offsets[layout.type], "edge \(count) has type \(type) of \(layout.typeCount) types")
        }
        if type != layout.elementType && type != layout.hiddenType {
            names.note(values[layout.name], at: offsets[layout.name])
        }
        let node = values[layout.target]
        guard target.isValid(node) else {
            throw .breaks(.edgeTarget, at: offsets[layout.target], target.complaint(node))
        }
        if let columns { columns.store(values, at: Int(truncatingIfNeeded: count)) }
        count &+= 1
    }

    /// Counts from 0 again. What was seen of names is kept.
    mutating func restart() { count = 0 }

    /// Checks what can be said only at the end of the section.
    func finish(at offset: UInt64) throws(Rejection) {
        guard count == declaredCount else {
            throw .breaks(.edgeCount, at: offset, "there are \(count) edges, \(declaredCount) are declared")
        }
    }
}
