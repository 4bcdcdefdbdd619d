/// Where the fields of a node row stand, by meta's names.
struct NodeLayout: Sendable {
    let fieldCount: Int
    let type: Int
    let name: Int
    let id: Int
    let selfSize: Int
    let edgeCount: Int
    let detachedness: Int?
    /// By number: those that meta lists, and those that old V8 left out there.
    let typeNames: [String]
    let typeCount: UInt64
    let listedTypeCount: UInt64
    let syntheticType: UInt64?

    /// Stands where there is no header yet.
    init() {
        (fieldCount, type, name, id, selfSize, edgeCount) = (1, 0, 0, 0, 0, 0)
        detachedness = nil
        typeNames = []
        typeCount = 0
        listedTypeCount = 0
        syntheticType = nil
    }

    init(_ meta: ObjectMembers) throws(Rejection) {
        let fields = try FieldNames("node_fields", in: meta)
        fieldCount = fields.count
        type = try fields.column("type")
        name = try fields.column("name")
        id = try fields.column("id")
        selfSize = try fields.column("self_size")
        edgeCount = try fields.column("edge_count")
        detachedness = fields.column(optional: "detachedness")
        let types = try TypeNames("node_types", column: type, in: meta)
        typeNames = types.strings + OldNodeTypes.unlisted(after: types.strings)
        typeCount = UInt64(typeNames.count)
        listedTypeCount = types.count
        syntheticType = types.index(of: "synthetic")
    }
}

/// Where the fields of an edge row stand, by meta's names.
struct EdgeLayout: Sendable {
    let fieldCount: Int
    let type: Int
    let name: Int
    let target: Int
    let typeNames: [String]
    let typeCount: UInt64
    // The types whose names are plain integers (`HeapSnapshotJSONSerializer::SerializeEdge`); `UInt64.max`, which no
    // type is, where meta does not name them.
    let elementType: UInt64
    let hiddenType: UInt64

    /// Stands where there is no header yet.
    init() {
        (fieldCount, type, name, target) = (1, 0, 0, 0)
        typeNames = []
        typeCount = 0
        elementType = .max
        hiddenType = .max
    }

    init(_ meta: ObjectMembers) throws(Rejection) {
        let fields = try FieldNames("edge_fields", in: meta)
        fieldCount = fields.count
        type = try fields.column("type")
        name = try fields.column("name_or_index")
        target = try fields.column("to_node")
        let types = try TypeNames("edge_types", column: type, in: meta)
        typeNames = types.strings
        typeCount = types.count
        elementType = types.index(of: "element") ?? .max
        hiddenType = types.index(of: "hidden") ?? .max
    }
}

/// Where the string indices of a `trace_function_infos` row stand. DevTools takes a field that is not there for an unknown value.
struct TraceFunctionLayout: Sendable {
    let fieldCount: Int
    let strings: [Int]

    init(_ meta: ObjectMembers) throws(Rejection) {
        let fields = try FieldNames("trace_function_info_fields", in: meta)
        fieldCount = fields.count
        strings = fields.columns(anyOf: ["name", "script_name"])
    }

    /// For a section that nobody reads: only what meta does say of it holds.
    init?(skipped meta: ObjectMembers) throws(Rejection) {
        guard let fields = try FieldNames(optional: "trace_function_info_fields", in: meta) else { return nil }
        fieldCount = fields.count
        strings = fields.columns(anyOf: ["name", "script_name"])
    }
}

/// Where the fields of a node of `trace_tree` stand that are more than numbers.
struct TraceNodeLayout: Sendable {
    let fieldCount: Int
    let function: Int
    let children: Int

    init(_ meta: ObjectMembers) throws(Rejection) {
        let fields = try FieldNames("trace_node_fields", in: meta)
        fieldCount = fields.count
        function = try fields.column("function_info_index")
        children = try fields.column("children")
    }
}

/// Where the reference to the object stands in a `locations` row, and where it was made.
struct LocationLayout: Sendable {
    let fieldCount: Int
    let object: Int
    // Without them DevTools reads no number there.
    let script: Int?
    let line: Int?
    let column: Int?

    init?(_ meta: ObjectMembers) throws(Rejection) {
        guard let fields = try FieldNames(optional: "location_fields", in: meta) else { return nil }
        fieldCount = fields.count
        object = try fields.column("object_index")
        script = fields.column(optional: "script_id")
        line = fields.column(optional: "line")
        column = fields.column(optional: "column")
    }
}
