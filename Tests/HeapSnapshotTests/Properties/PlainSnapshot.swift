import HeapSnapshot

/// The invariants once more, in their plainest form: over the whole document in memory, with no offset and no reason.
struct PlainSnapshot {
    /// As `ValueScanner.depthLimit`, which counts within a section.
    private static let depthLimit = 1_001
    private static let names = [
        "snapshot", "nodes", "edges", "trace_function_infos", "trace_tree", "samples", "locations", "strings",
    ]

    /// What a valid document holds, nil for any other.
    private(set) var counts: SnapshotCounts?
    /// Why the document is no JSON, nil where it is.
    private(set) var failure: PlainJSONReader.Failure?
    /// Whether a reader may wait for more functions than are declared.
    private(set) var hasSurplusFunctions = false
    /// Whether the root's id is not V8's.
    private(set) var hasForeignRoot = false
    /// How many nodes have a type that is not listed.
    private(set) var unlistedTypes = 0

    init(_ bytes: [UInt8]) {
        do throws(PlainJSONReader.Failure) {
            let root = try PlainJSONReader.read(bytes, depthLimit: Self.depthLimit)
            counts = judge(root, byteCount: bytes.count)
        } catch {
            failure = error
        }
    }

    private mutating func judge(_ root: PlainJSON, byteCount: Int) -> SnapshotCounts? {
        guard let members = root.members, let first = members.first, first.key.reads("snapshot"),
            let header = PlainHeader(first.value)
        else { return nil }
        var sections: [String: [PlainJSON]] = [:]
        var last = -1
        for member in members {
            guard last < Self.names.count - 1 else { return nil }
            guard let rank = Self.names.firstIndex(where: member.key.reads) else { continue }
            guard !member.key.hasEscapes, rank > last else { return nil }
            if rank > 0 {
                guard let elements = member.value.elements else { return nil }
                sections[Self.names[rank]] = elements
            }
            last = rank
        }
        guard header.required.allSatisfy({ sections[$0] != nil }), let strings = sections["strings"] else { return nil }
        let functions = rows(sections["trace_function_infos"], header.functionWidth)
        guard let nodes = rows(sections["nodes"], header.nodeFields.count), let functions,
            let edges = rows(sections["edges"], header.edgeFields.count),
            let samples = rows(sections["samples"], header.sampleWidth ?? 1),
            let locations = rows(sections["locations"], header.locationWidth ?? 1),
            header.sampleWidth != nil || samples.isEmpty, header.locationWidth != nil || locations.isEmpty,
            header.holds(nodes: nodes, edges: edges, strings: strings),
            functions.allSatisfy({ row in header.functionStrings.allSatisfy { row[$0] < strings.count } }),
            locations.allSatisfy({ row in header.locationObject.map { header.isNode(row[$0]) } ?? true }),
            isTree(sections["trace_tree"] ?? [], header, functionCount: functions.count, isRoot: true)
        else { return nil }
        hasSurplusFunctions = header.functionCount > 0 && UInt64(functions.count) > header.functionCount
        (hasForeignRoot, unlistedTypes) = header.remarks(nodes)
        let sizes = nodes.map { $0[header.size] }
        let sum = sizes.reduce(UInt64(0)) { $0 > .max - $1 ? .max : $0 + $1 }
        return SnapshotCounts(
            bytes: UInt64(byteCount), nodes: UInt64(nodes.count), edges: UInt64(edges.count),
            strings: UInt64(strings.count), totalSelfSize: sum)
    }

    /// The section as rows of integers; no rows where it is not there, nil where it holds anything else.
    private func rows(_ section: [PlainJSON]?, _ width: Int) -> [[UInt64]]? {
        guard let section else { return [] }
        let values = section.compactMap(\.integer)
        guard values.count == section.count, values.count % width == 0 else { return nil }
        return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
    }

    private func isTree(_ values: [PlainJSON], _ header: PlainHeader, functionCount: Int, isRoot: Bool) -> Bool {
        guard let fields = header.treeFields else {
            // Nobody reads it: integers and arrays of them.
            return values.allSatisfy { value in
                value.integer != nil
                    || value.elements.map { isTree($0, header, functionCount: 0, isRoot: false) } ?? false
            }
        }
        guard values.count % fields.count == 0, !isRoot || !values.isEmpty else { return false }
        return values.indices.allSatisfy { index in
            let field = fields[index % fields.count]
            if field.reads("children") {
                return values[index].elements.map {
                    isTree($0, header, functionCount: functionCount, isRoot: false)
                } ?? false
            }
            guard let number = values[index].integer else { return false }
            return !field.reads("function_info_index") || number < functionCount
        }
    }
}
