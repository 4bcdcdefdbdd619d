/// One of meta's lists of field names.
struct FieldNames {
    private let list: String
    private let offset: UInt64
    private let names: [RawText]

    var count: Int { names.count }

    init(_ list: String, in meta: ObjectMembers) throws(Rejection) {
        guard let fields = try FieldNames(optional: list, in: meta) else {
            throw .breaks(.metaFields, at: meta.offset, "meta lacks \(list)")
        }
        self = fields
    }

    /// nil where meta does not have the list.
    init?(optional list: String, in meta: ObjectMembers) throws(Rejection) {
        guard meta.has(list) else { return nil }
        self.list = list
        offset = meta.offset(of: list)
        guard let names = meta.names(list), !names.isEmpty else {
            throw .breaks(.metaFields, at: offset, "\(list) is not a list of names")
        }
        self.names = names
    }

    /// The column of a field that must be there once.
    func column(_ name: String) throws(Rejection) -> Int {
        let wanted = RawText(name)
        guard let column = names.firstIndex(of: wanted) else {
            throw .breaks(.metaFields, at: offset, "\(list) lacks \(name)")
        }
        guard names.lastIndex(of: wanted) == column else {
            throw .breaks(.metaFields, at: offset, "\(list) names \(name) twice")
        }
        return column
    }

    /// The column of a field that some versions leave out.
    func column(optional name: String) -> Int? { names.firstIndex(of: RawText(name)) }

    /// The columns of the fields among `wanted` that are there.
    func columns(anyOf wanted: Set<RawText>) -> [Int] {
        names.indices.filter { wanted.contains(names[$0]) }
    }
}

/// The names of the values of a `type` field: the list that stands in `node_types` or `edge_types` at its column.
///
/// The other entries are not looked at: V8 writes more of them than there are fields where it leaves a field out.
struct TypeNames {
    private let names: [RawText]

    var count: UInt64 { UInt64(names.count) }

    init(_ list: String, column: Int, in meta: ObjectMembers) throws(Rejection) {
        guard let names = meta.names(list, at: column) else {
            throw .breaks(.metaFields, at: meta.offset(of: list), "\(list) does not list the names of the types")
        }
        self.names = names
    }

    func index(of name: String) -> UInt64? {
        names.firstIndex(of: RawText(name)).map(UInt64.init)
    }

    var strings: [String] { names.map(\.string) }
}
