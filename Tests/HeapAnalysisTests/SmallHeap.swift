import HeapSnapshot
import Testing

@testable import HeapAnalysis

/// A heap of a few objects, written as a document and read as files are.
struct SmallHeap {
    struct Node {
        var type: String
        var name: String
        var size: UInt64
        var id: UInt64
        var detachedness: Int
        var edges: [Edge] = []
    }

    struct Edge {
        var type: String
        /// The text of a string, or the plain number of an element or a hidden edge.
        var name: String
        var target: Int
    }

    static let nodeTypes = [
        "hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native", "synthetic",
        "concatenated string", "sliced string", "symbol", "bigint", "object shape",
    ]
    static let edgeTypes = ["context", "element", "property", "internal", "hidden", "shortcut", "weak"]

    private(set) var nodes = [Node(type: "synthetic", name: "", size: 0, id: 1, detachedness: 0)]
    var locations: [(node: Int, script: Int, line: Int, column: Int)] = []
    var extraNativeBytes = 0
    var hasDetachedness = true
    /// Types that the document lists. A node of any other has its number in `nodeTypes`.
    var listedTypes = Self.nodeTypes
    var rootID: UInt64 {
        get { nodes[Self.root].id }
        set { nodes[Self.root].id = newValue }
    }

    static let root = 0

    /// A heap with much that is nobody's fault: no more than a tenth of it by any class or object.
    static func ordinary() -> (heap: SmallHeap, global: Int) {
        var heap = SmallHeap()
        let global = heap.addGlobal()
        for number in 0..<40 {
            let holder = heap.add(to: global, "Kind\(number)", 50, by: "k\(number)")
            for _ in 0..<5 { _ = heap.add(to: holder, "Part\(number)", 10) }
        }
        return (heap, global)
    }

    /// - Returns: its ordinal.
    mutating func add(
        _ name: String, _ size: UInt64 = 16, type: String = "object", id: UInt64? = nil, detachedness: Int = 0
    ) -> Int {
        nodes.append(
            Node(
                type: type, name: name, size: size, id: id ?? UInt64(nodes.count * 2 + 1), detachedness: detachedness))
        return nodes.count - 1
    }

    mutating func link(_ source: Int, _ target: Int, _ name: String = "p", _ type: String = "property") {
        nodes[source].edges.append(Edge(type: type, name: name, target: target))
    }

    /// The application's global object, as every heap has one.
    mutating func addGlobal() -> Int {
        let global = add("Global", 8)
        link(Self.root, global, "global", "shortcut")
        return global
    }

    /// An object that another one refers to.
    mutating func add(
        to holder: Int, _ name: String, _ size: UInt64 = 16, by edge: String = "p", _ edgeType: String = "property",
        type: String = "object"
    ) -> Int {
        let node = add(name, size, type: type)
        link(holder, node, edge, edgeType)
        return node
    }

    // MARK: The document

    var document: String {
        var strings: [String] = [""]
        var places: [String: Int] = ["": 0]
        func index(_ text: String) -> Int {
            if let known = places[text] { return known }
            places[text] = strings.count
            strings.append(text)
            return strings.count - 1
        }
        let width = hasDetachedness ? 7 : 6
        var nodeRows: [String] = []
        var edgeRows: [String] = []
        for node in nodes {
            let type = (listedTypes.firstIndex(of: node.type) ?? Self.nodeTypes.firstIndex(of: node.type)) ?? 99
            nodeRows.append(
                "\(type),\(index(node.name)),\(node.id),\(node.size),\(node.edges.count),0"
                    + (hasDetachedness ? ",\(node.detachedness)" : ""))
            for edge in node.edges {
                let isNumbered = edge.type == "element" || edge.type == "hidden"
                let name = isNumbered ? edge.name : "\(index(edge.name))"
                edgeRows.append("\(Self.edgeTypes.firstIndex(of: edge.type) ?? 99),\(name),\(edge.target * width)")
            }
        }
        let locationRows = locations.map { "\($0.node * width),\($0.script),\($0.line),\($0.column)" }
        func list(_ names: [String]) -> String { "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
        let meta =
            #"{"node_fields":["type","name","id","self_size","edge_count","trace_node_id""#
            + (hasDetachedness ? #","detachedness""# : "")
            + #"],"node_types":[\#(list(listedTypes)),"string","number","number","number","number""#
            + (hasDetachedness ? #","number""# : "")
            + #"],"edge_fields":["type","name_or_index","to_node"],"edge_types":[\#(list(Self.edgeTypes)),"#
            + #""string_or_number","node"],"location_fields":["object_index","script_id","line","column"]}"#
        return #"{"snapshot":{"meta":\#(meta),"node_count":\#(nodes.count),"edge_count":\#(edgeRows.count),"#
            + #""extra_native_bytes":\#(extraNativeBytes)},"nodes":[\#(nodeRows.joined(separator: ","))],"#
            + #""edges":[\#(edgeRows.joined(separator: ","))],"locations":[\#(locationRows.joined(separator: ","))],"#
            + #""strings":[\#(strings.map(Self.literal).joined(separator: ","))]}"#
    }

    /// Half a surrogate pair, which Swift's strings cannot hold: a name may have one by this character.
    static func lone(_ unit: UInt32) -> String {
        "\u{E000}" + String(unit, radix: 16)
    }

    private static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{E000}": result += "\\u"
            case "\"", "\\": result += "\\" + String(scalar)
            case "\0"..<" ":
                result += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    func columns() throws -> SnapshotColumns {
        let bytes = Array(document.utf8)
        let collector = SnapshotCollector(documentBytes: UInt64(bytes.count))
        var validator = SnapshotValidator(into: collector)
        bytes.withUnsafeBytes { validator.feed($0) }
        let verdict = validator.finish()
        guard case .valid = verdict else { throw NoHeap(text: "\(verdict)\n\(document)") }
        return try collector.finish()
    }

    func analysis(interfaces: [Interface]? = nil) throws -> HeapAnalysis {
        try HeapAnalysis(columns(), interfaces: interfaces)
    }

    func summary() throws -> HeapSummary { try HeapSummary(analysis()) }

    struct NoHeap: Error {
        let text: String
    }
}

extension HeapAnalysis {
    /// The dominator of each node.
    var holders: [Int] { (0..<graph.nodeCount).map { Int(tree.dominators[$0]) } }
    var retained: [UInt64] { (0..<graph.nodeCount).map { tree.retainedSizes[$0] } }
    var shallow: [UInt64] { (0..<graph.nodeCount).map { columns.selfSize($0) } }
    var distance: [Int32] { (0..<graph.nodeCount).map { distances[$0] } }
    func classNames() -> [String] { (0..<graph.nodeCount).map { className(of: $0) } }
}

/// A generator of the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
