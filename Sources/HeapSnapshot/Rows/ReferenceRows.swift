/// Checks the rows of the smaller sections: `trace_function_infos`, `samples` and `locations`.
struct ReferenceRows: RowConsumer {
    private let object: Int?
    private let stringColumns: [Int]
    private let target: NodeReference
    private let missingList: String?
    /// nil where the rows are only checked.
    private let locations: LocationColumns?
    private(set) var count: UInt64 = 0
    private(set) var names = LargestIndex()

    /// For no rows.
    init() {
        object = nil
        stringColumns = []
        target = NodeReference(fieldCount: 1, limit: 0)
        missingList = nil
        locations = nil
    }

    /// `object` is the column that refers to a node; `strings` are the columns that hold string indices.
    /// `missingList` is the list of names that meta would need for the section to hold rows.
    init(
        _ header: SnapshotHeader, object: Int? = nil, strings: [Int] = [], missingList: String? = nil,
        into locations: LocationColumns? = nil
    ) {
        self.object = object
        stringColumns = strings
        target = header.nodeReference
        self.missingList = missingList
        self.locations = locations
    }

    mutating func scanWhole(
        _ cursor: Cursor, width: Int, values: UnsafeMutablePointer<UInt64>, offsets: UnsafeMutablePointer<UInt64>
    ) throws(Rejection) -> Int {
        try RowKernel.scanWholeRows(cursor, width: width, values: values, offsets: offsets) {
            (values, offsets) throws(Rejection) in try accept(values, offsets)
        }
    }

    @inline(__always)
    mutating func accept(_ values: UnsafePointer<UInt64>, _ offsets: UnsafePointer<UInt64>) throws(Rejection) {
        if let missingList {
            throw .breaks(.metaFields, at: offsets[0], "meta lacks \(missingList), which these rows need")
        }
        count &+= 1
        if let object, !target.isValid(values[object]) {
            throw .breaks(.locationObject, at: offsets[object], target.complaint(values[object]))
        }
        if let locations { locations.store(values) }
        for column in stringColumns {
            names.note(values[column], at: offsets[column])
        }
    }
}
