/// The value of `snapshot`: how the sections that follow are laid out, and how much they hold.
struct SnapshotHeader: Sendable {
    /// In bytes. V8's header takes under 2 KB.
    static let sizeLimit = 1 << 20

    let nodeCount: UInt64
    let edgeCount: UInt64
    let traceFunctionCount: UInt64
    /// Memory outside V8's heap that V8 knows of, in bytes; newer versions tell it.
    let extraNativeBytes: UInt64
    let nodes: NodeLayout
    let edges: EdgeLayout
    // nil where meta does not describe the section, or where it is skipped.
    let traceFunctions: TraceFunctionLayout?
    let traceNodes: TraceNodeLayout?
    let sampleFieldCount: Int?
    let locations: LocationLayout?
    let nodeReference: NodeReference

    /// `text` is a well-formed JSON object, `offset` its place in the document.
    init(_ text: [UInt8], at offset: UInt64) throws(Rejection) {
        let header = try ObjectMembers(text, in: 0..<text.count, base: offset, breaking: .headerFields)
        guard let meta = try header.object("meta", breaking: .metaFields) else {
            throw .foreign(reason: "its key \"snapshot\" does not hold V8's description of a heap snapshot")
        }
        nodeCount = try Self.count("node_count", in: header)
        edgeCount = try Self.count("edge_count", in: header)
        traceFunctionCount =
            header.has("trace_function_count") ? try Self.count("trace_function_count", in: header) : 0
        extraNativeBytes = header.unsignedInteger("extra_native_bytes") ?? 0
        nodes = try NodeLayout(meta)
        edges = try EdgeLayout(meta)
        // DevTools skips both sections where no functions are declared, and needs every field of theirs otherwise.
        let hasTrace = traceFunctionCount > 0
        traceFunctions = try hasTrace ? TraceFunctionLayout(meta) : TraceFunctionLayout(skipped: meta)
        traceNodes = try hasTrace ? TraceNodeLayout(meta) : nil
        sampleFieldCount = try FieldNames(optional: "sample_fields", in: meta)?.count
        locations = try LocationLayout(meta)
        let (limit, overflow) = nodeCount.multipliedReportingOverflow(by: UInt64(nodes.fieldCount))
        guard !overflow else {
            throw .breaks(.headerFields, at: header.offset(of: "node_count"), "node_count is beyond any memory")
        }
        nodeReference = NodeReference(fieldCount: UInt64(nodes.fieldCount), limit: limit)
    }

    private static func count(_ name: String, in header: ObjectMembers) throws(Rejection) -> UInt64 {
        guard let count = header.unsignedInteger(name) else {
            let detail = header.has(name) ? "is not an unsigned integer of 64 bits" : "is missing"
            throw .breaks(.headerFields, at: header.offset(of: name), "\(name) \(detail)")
        }
        return count
    }

    /// Whether the header calls for a section. The DevTools loader waits for each of these in turn, and for ever.
    func requires(_ section: SnapshotSection) -> Bool {
        switch section {
        case .snapshot, .nodes, .edges, .strings: true
        case .traceFunctionInfos, .traceTree: traceFunctionCount > 0
        case .samples: sampleFieldCount != nil
        case .locations: locations != nil
        case .document, .unknown: false
        }
    }
}
