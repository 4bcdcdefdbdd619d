/// The header of a document in memory, for `PlainSnapshot`.
struct PlainHeader {
    let nodeCount: UInt64
    let edgeCount: UInt64
    let functionCount: UInt64
    let nodeFields: [PlainString]
    let edgeFields: [PlainString]
    let functionWidth: Int
    let functionStrings: [Int]
    /// nil where no functions are declared.
    let treeFields: [PlainString]?
    let sampleWidth: Int?
    let locationWidth: Int?
    let locationObject: Int?
    let size: Int
    private let type: Int
    private let name: Int
    private let id: Int
    private let edgesOfNode: Int
    private let nodeTypes: [PlainString]
    private let edgeTypes: [PlainString]
    private let edgeType: Int
    private let edgeName: Int
    private let target: Int

    init?(_ value: PlainJSON) {
        guard let header = Self.members(value), let meta = header("meta").flatMap(Self.members),
            let nodeCount = header("node_count")?.integer, let edgeCount = header("edge_count")?.integer,
            let functionCount = header("trace_function_count").map(\.integer) ?? 0,
            let nodeFields = Self.fields(meta("node_fields"), ["type", "name", "id", "self_size", "edge_count"]),
            let edgeFields = Self.fields(meta("edge_fields"), ["type", "name_or_index", "to_node"]),
            !nodeCount.multipliedReportingOverflow(by: UInt64(nodeFields.count)).overflow,
            let nodeTypes = Self.types(meta("node_types"), nodeFields),
            let edgeTypes = Self.types(meta("edge_types"), edgeFields)
        else { return nil }
        (self.nodeCount, self.edgeCount, self.functionCount) = (nodeCount, edgeCount, functionCount)
        (self.nodeFields, self.edgeFields) = (nodeFields, edgeFields)
        (self.nodeTypes, self.edgeTypes) = (nodeTypes, edgeTypes)
        func column(_ name: String, _ fields: [PlainString]) -> Int { fields.firstIndex { $0.reads(name) } ?? 0 }
        type = column("type", nodeFields)
        name = column("name", nodeFields)
        id = column("id", nodeFields)
        size = column("self_size", nodeFields)
        edgesOfNode = column("edge_count", nodeFields)
        edgeType = column("type", edgeFields)
        edgeName = column("name_or_index", edgeFields)
        target = column("to_node", edgeFields)

        var functions: [PlainString]?
        if functionCount > 0 {
            functions = Self.fields(meta("trace_function_info_fields"), [])
            treeFields = Self.fields(meta("trace_node_fields"), ["function_info_index", "children"])
            guard functions != nil, treeFields != nil else { return nil }
        } else {
            treeFields = nil
            functions = Self.fields(meta("trace_function_info_fields"), [])
            guard functions != nil || meta("trace_function_info_fields") == nil else { return nil }
        }
        functionWidth = functions?.count ?? 1
        functionStrings = (functions ?? []).enumerated()
            .filter { $0.element.reads("name") || $0.element.reads("script_name") }.map(\.offset)
        sampleWidth = Self.fields(meta("sample_fields"), [])?.count
        let locations = Self.fields(meta("location_fields"), ["object_index"])
        locationWidth = locations?.count
        locationObject = locations.map { column("object_index", $0) }
        guard sampleWidth != nil || meta("sample_fields") == nil,
            locationWidth != nil || meta("location_fields") == nil
        else { return nil }
    }

    /// The sections that DevTools waits for.
    var required: [String] {
        ["nodes", "edges", "strings"] + (functionCount > 0 ? ["trace_function_infos", "trace_tree"] : [])
            + (sampleWidth != nil ? ["samples"] : []) + (locationWidth != nil ? ["locations"] : [])
    }

    func isNode(_ index: UInt64) -> Bool {
        index < nodeCount * UInt64(nodeFields.count) && index % UInt64(nodeFields.count) == 0
    }

    func holds(nodes: [[UInt64]], edges: [[UInt64]], strings: [PlainJSON]) -> Bool {
        guard UInt64(nodes.count) == nodeCount, UInt64(edges.count) == edgeCount,
            strings.allSatisfy({ $0.text != nil }), let root = nodes.first, root[id] <= 1,
            root[type] < nodeTypes.count, nodeTypes.firstIndex(where: { $0.reads("synthetic") }) == Int(root[type]),
            root[name] < strings.count, strings[Int(root[name])].text?.writtenCount == 0,
            Set(nodes.map { $0[id] }).count == nodes.count,
            nodes.allSatisfy({ $0[type] < nodeTypes.count + unlistedTypeCount && $0[name] < strings.count })
        else { return false }
        var sum: UInt64 = 0
        for node in nodes {
            guard node[edgesOfNode] <= edgeCount - sum else { return false }
            sum += node[edgesOfNode]
        }
        guard sum == edgeCount else { return false }
        return edges.allSatisfy { edge in
            guard edge[edgeType] < edgeTypes.count, isNode(edge[target]) else { return false }
            let type = Int(edge[edgeType])
            // Where a name stands twice in the list, the first is meant.
            let isNumbered = ["element", "hidden"].contains { name in
                edgeTypes.firstIndex { $0.reads(name) } == type
            }
            return isNumbered || edge[edgeName] < strings.count
        }
    }

    /// Old V8 has three types more than it lists.
    private var unlistedTypeCount: Int {
        let listed =
            "hidden array string object code closure regexp number native synthetic".split(separator: " ")
            .map(String.init) + ["concatenated string", "sliced string"]
        return nodeTypes.count == listed.count && zip(nodeTypes, listed).allSatisfy({ $0.reads($1) }) ? 3 : 0
    }

    /// What a reader is told of the nodes, for `ValidatorProperties`.
    func remarks(_ nodes: [[UInt64]]) -> (foreignRoot: Bool, unlistedTypes: Int) {
        (nodes.first?[id] == 0, nodes.count { $0[type] >= nodeTypes.count })
    }

    /// Reads an object whose keys are all different.
    private static func members(_ value: PlainJSON) -> ((String) -> PlainJSON?)? {
        guard let members = value.members, Set(members.map(\.key.bytes)).count == members.count else { return nil }
        return { name in members.first { $0.key.reads(name) }?.value }
    }

    /// A list of names that is not empty and holds each of `needed` once.
    private static func fields(_ value: PlainJSON?, _ needed: [String]) -> [PlainString]? {
        guard let elements = value?.elements, !elements.isEmpty else { return nil }
        let names = elements.compactMap(\.text)
        guard names.count == elements.count,
            needed.allSatisfy({ name in names.filter { $0.reads(name) }.count == 1 })
        else { return nil }
        return names
    }

    /// The names of the types, from the place of the field `type`.
    private static func types(_ value: PlainJSON?, _ fields: [PlainString]) -> [PlainString]? {
        let column = fields.firstIndex { $0.reads("type") } ?? 0
        guard let lists = value?.elements, lists.indices.contains(column), let types = lists[column].elements else {
            return nil
        }
        let names = types.compactMap(\.text)
        return names.count == types.count ? names : nil
    }
}
