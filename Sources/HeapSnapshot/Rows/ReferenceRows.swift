/// Checks the rows of the smaller sections: `trace_function_infos`, `samples` and `locations`.
struct ReferenceRows: RowConsumer {
    private let object: Int?
    private let stringColumns: [Int]
    private let target: NodeReference
    private(set) var names = LargestIndex()

    /// For no rows.
    init() {
        object = nil
        stringColumns = []
        target = NodeReference(fieldCount: 1, limit: 0)
    }

    /// `object` is the column that refers to a node; `strings` are the columns that hold string indices.
    init(_ header: SnapshotHeader, object: Int? = nil, strings: [Int] = []) {
        self.object = object
        stringColumns = strings
        target = header.nodeReference
    }

    @inline(__always)
    mutating func accept(_ values: UnsafePointer<UInt64>, _ offsets: UnsafePointer<UInt64>) throws(Rejection) {
        if let object, !target.isValid(values[object]) {
            throw .breaks(.locationObject, at: offsets[object], target.complaint(values[object]))
        }
        for column in stringColumns {
            names.note(values[column], at: offsets[column])
        }
    }
}
