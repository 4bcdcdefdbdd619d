/// A valid snapshot of a heap that no program has, made of any bytes: each decides something, so that a fuzzer that changes a few
/// bytes changes a few things of the heap, and is never told that it has no snapshot.
struct HostileHeap {
    private struct Node {
        var type: Int
        var name: Int
        var id: UInt64
        var size: UInt64
        var state: UInt64
        var edges: [(type: Int, name: UInt64, target: Int)] = []
    }

    private static let nodeTypes = [
        "synthetic", "object", "closure", "concatenated string", "string", "array", "hidden", "native", "code",
        "number",
        "sliced string", "regexp", "symbol", "bigint", "object shape", "unknown type",
    ]
    private static let edgeTypes = [
        "property", "element", "internal", "context", "hidden", "shortcut", "weak", "unknown type",
    ]
    /// Texts that the analysis asks for, and such as are hard to read.
    private static let texts = [
        "", "Object", "Array", "a", "b", "c", "elements", "first", "second", "context", "shared", "script", "truncated",
        "value", "length", "hash", "bool", "int", "true", "__proto__", "system / Context", "system / NativeContext",
        "(map descriptors)", "sloppy_function_map", "script_or_debug_info", "system / ExternalStringData",
        "system / JSArrayBufferData", "(Document DOM trees)", "node:fs", "system / Script", "Function", "(string)",
        "<div id=1>", "<a", "Detached <p class>", "Detached x", "0", "1", "4", "-7", "18446744073709551616", "12e3",
        "a,b", "\\\"", "\\\\", "{}", "é", "漢字", "😀", "\\ud83d", "\\udc00x", "\\u0000\\u001b[2J",
    ]

    private var source: ByteSource
    private var nodes: [Node] = []
    private var strings: [String] = []
    private var ids: Set<UInt64> = []
    private var locations: [[UInt64]] = []

    /// The document.
    private(set) var text = ""
    /// Of the nodes' own sizes, in bytes.
    private(set) var totalSize: UInt64 = 0
    private(set) var nodeCount = 0
    private(set) var extraNativeBytes: UInt64 = 0

    /// Sums beyond it are refused where a file is loaded.
    private static let mostBytes: UInt64 = 1 << 59

    init(_ bytes: [UInt8]) {
        source = ByteSource(bytes)
        strings = [""]
        nodes = [Node(type: 0, name: 0, id: 1, size: 0, state: 0)]
        ids = [1]
        if source.chance(7, of: 8) {
            let global = add(type: 1, name: "Global")
            link(0, global, "shortcut", "global")
        }
        // Room for what a few bytes multiply.
        while !source.isAtEnd, nodes.count < 3000, strings.count < 2000 { step() }
        nodeCount = nodes.count
        totalSize = nodes.reduce(0) { $0 + $1.size }
        extraNativeBytes = source.chance(1, of: 4) ? source.size() % Self.mostBytes : 0
        text = document()
    }

    // MARK: Steps

    private mutating func step() {
        switch source.next() % 20 {
        case 0...4: _ = addAny()
        case 5...8: linkAny()
        case 9: list()
        case 10: star()
        case 11: concatenation()
        case 12: doubling()
        case 13: function()
        case 14: truncated()
        case 15: plainObjects()
        case 16: weakMapPair()
        case 17: locate(anyNode())
        case 18: strings.append(anyText())
        default: descriptors()
        }
    }

    private mutating func addAny() -> Int {
        let node = add(type: source.below(Self.nodeTypes.count), name: nil)
        if source.chance(3, of: 4) {
            link(anyNode(), node, Self.edgeTypes[source.below(8)], anyText())
        }
        return node
    }

    private mutating func linkAny() {
        let (from, to) = (anyNode(), anyNode())
        link(from, to, Self.edgeTypes[source.below(Self.edgeTypes.count)], anyText())
    }

    /// Each holds the next; the last one may hold the first.
    private mutating func list() {
        let (type, edge) = (source.below(Self.nodeTypes.count), source.below(Self.edgeTypes.count))
        let name = anyText()
        var last = anyNode()
        let first = last
        for _ in 0..<source.length() {
            let next = add(type: type, name: name)
            link(last, next, Self.edgeTypes[edge], "next")
            if source.chance(1, of: 8) { link(first, next, "property", "a") }
            last = next
        }
        if source.chance(1, of: 2) { link(last, first, "property", "b") }
    }

    private mutating func star() {
        let hub = anyNode()
        let isInto = source.chance(1, of: 2)
        let (type, edge) = (source.below(Self.nodeTypes.count), Self.edgeTypes[source.below(Self.edgeTypes.count)])
        let text = anyText()
        for _ in 0..<source.length() {
            let node = source.chance(1, of: 2) ? add(type: type, name: text) : anyNode()
            if isInto { link(node, hub, edge, text) } else { link(hub, node, edge, text) }
        }
    }

    private mutating func concatenation() {
        let cons = add(type: 3, name: "")
        link(anyNode(), cons, "property", "text")
        for _ in 0..<source.below(4) { link(cons, anyNode(), "internal", source.chance(1, of: 2) ? "first" : "second") }
    }

    /// A tree of strings whose halves are the same.
    private mutating func doubling() {
        var last = anyNode()
        for _ in 0..<source.length() {
            let cons = add(type: 3, name: "")
            link(0, cons, "element", "1")
            link(cons, last, "internal", "first")
            link(cons, source.chance(1, of: 4) ? anyNode() : last, "internal", "second")
            last = cons
        }
    }

    private mutating func function() {
        let closure = add(type: 2, name: anyText())
        link(anyNode(), closure, "property", "f")
        let context = source.chance(1, of: 2) ? anyNode() : add(type: 1, name: "system / Context")
        link(closure, context, "internal", "context")
        let shared = source.chance(1, of: 2) ? anyNode() : add(type: 8, name: "shared")
        link(closure, shared, "internal", "shared")
        link(shared, add(type: 8, name: anyText()), "internal", "script")
        locate(closure)
    }

    private mutating func truncated() {
        let string = source.chance(1, of: 4) ? anyNode() : add(type: 4, name: anyText())
        link(0, string, "element", "1")
        for (edge, kind, value) in [("truncated", "bool", "true"), ("length", "int", anyText()), ("hash", "int", "7")] {
            guard !source.chance(1, of: 8) else { continue }
            let box = source.chance(1, of: 4) ? anyNode() : add(type: 9, name: kind)
            link(string, box, "internal", edge)
            link(box, add(type: 4, name: value), "internal", "value")
        }
    }

    private mutating func plainObjects() {
        let properties = (0..<source.below(6)).map { _ in anyText() }
        for _ in 0..<source.length() {
            let object = add(type: 1, name: "Object")
            link(1 % nodes.count, object, "element", "1")
            for property in properties { link(object, anyNode(), "property", property) }
            if source.chance(1, of: 4) { link(object, object, "property", anyText()) }
        }
    }

    private mutating func weakMapPair() {
        let (table, key, value) = (anyNode(), anyNode(), anyNode())
        let name =
            " / part of key (K @\(nodes[key].id)) -> value (V @\(nodes[value].id)) pair in WeakMap (table @\(nodes[table].id))"
        let number = source.below(3)
        link(table, value, "internal", "\(number)" + name)
        if source.chance(3, of: 4) { link(key, value, "internal", "\(number + 1)" + name) }
    }

    private mutating func descriptors() {
        let array = add(type: 5, name: source.chance(1, of: 2) ? "(map descriptors)" : "system / NativeContext")
        link(anyNode(), array, "internal", "descriptors")
        for _ in 0..<source.below(8) {
            link(array, anyNode(), source.chance(1, of: 2) ? "internal" : "element", anyText())
        }
    }

    private mutating func locate(_ node: Int) {
        for _ in 0...source.below(2) {
            locations.append([UInt64(node), source.number(), source.number(), source.number()])
        }
    }

    // MARK: Parts

    private mutating func anyNode() -> Int {
        let far = source.below(256) << 8 | source.below(256)
        return source.chance(1, of: 2) ? max(0, nodes.count - 1 - far % 8) : far % nodes.count
    }

    private mutating func anyText() -> String {
        let choice = source.below(Self.texts.count + 12)
        if choice < Self.texts.count { return Self.texts[choice] }
        switch choice - Self.texts.count {
        case 0: return String(repeating: "l", count: 1023 + source.below(4))
        case 1: return String(repeating: "😀", count: 511 + source.below(4))
        case 2: return String(repeating: "l", count: 1500 + source.below(2)) + "end"
        case 3: return String(repeating: "7", count: 1 + source.below(400))
        case 4: return "Detached " + String(repeating: "d", count: 1010 + source.below(20))
        case 5: return "\(source.number())"
        default: return "t\(source.below(40))"
        }
    }

    private mutating func index(of text: String) -> Int {
        // A text may stand several times, as the strings of the document.
        if !source.chance(1, of: 8), let known = strings.firstIndex(of: text) { return known }
        strings.append(text)
        return strings.count - 1
    }

    private mutating func add(type: Int, name: String?) -> Int {
        let name = index(of: name ?? anyText())
        var id = source.chance(3, of: 4) ? UInt64(nodes.count) * 2 + 1 : source.number()
        while !ids.insert(id).inserted { id &+= 2 }
        let total = nodes.reduce(0) { $0 + $1.size }
        let size = source.size()
        nodes.append(
            Node(
                type: type, name: name, id: id, size: total + size < Self.mostBytes ? size : 1,
                state: source.chance(1, of: 8) ? UInt64(source.below(6)) : 0))
        return nodes.count - 1
    }

    private mutating func link(_ from: Int, _ to: Int, _ type: String, _ name: String) {
        let isNumbered = type == "element" || type == "hidden"
        let code = Self.edgeTypes.firstIndex(of: type) ?? 0
        let value = isNumbered ? source.number() & 0xFFFF_FFFF : UInt64(index(of: name))
        nodes[from].edges.append((code, value, to))
    }

    // MARK: The document

    /// Fields and types in an order of their own, some of which no version of V8 has.
    private mutating func document() -> String {
        var nodeFields = ["type", "name", "id", "self_size", "edge_count"]
        let hasState = source.chance(3, of: 4)
        if hasState { nodeFields.append("detachedness") }
        if source.chance(1, of: 4) { nodeFields.append("trace_node_id") }
        var edgeFields = ["type", "name_or_index", "to_node"]
        if source.chance(1, of: 8) { edgeFields.append("unknown") }
        var locationFields = ["object_index", "script_id", "line", "column"]
        if source.chance(1, of: 8) { locationFields.remove(at: 1 + source.below(3)) }
        let nodeTypes = source.rotated(Self.nodeTypes)
        let edgeTypes = source.rotated(Self.edgeTypes)
        (nodeFields, edgeFields, locationFields) = (
            source.rotated(nodeFields), source.rotated(edgeFields), source.rotated(locationFields)
        )
        func names(_ list: [String]) -> String { "[" + list.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
        func types(_ fields: [String], _ list: [String]) -> String {
            "[" + fields.map { $0 == "type" ? names(list) : "\"number\"" }.joined(separator: ",") + "]"
        }
        let nodeRows = nodes.map { node in
            nodeFields.map { field -> String in
                switch field {
                case "type": "\(nodeTypes.firstIndex(of: Self.nodeTypes[node.type]) ?? 0)"
                case "name": "\(node.name)"
                case "id": "\(node.id)"
                case "self_size": "\(node.size)"
                case "edge_count": "\(node.edges.count)"
                case "detachedness": "\(node.state)"
                default: "0"
                }
            }.joined(separator: ",")
        }
        let edgeRows = nodes.flatMap(\.edges).map { edge in
            edgeFields.map { field -> String in
                switch field {
                case "type": "\(edgeTypes.firstIndex(of: Self.edgeTypes[edge.type]) ?? 0)"
                case "name_or_index": "\(edge.name)"
                case "to_node": "\(edge.target * nodeFields.count)"
                default: "9"
                }
            }.joined(separator: ",")
        }
        let locationRows = locations.map { row in
            locationFields.map { field -> String in
                switch field {
                case "object_index": "\(row[0] * UInt64(nodeFields.count))"
                case "script_id": "\(row[1])"
                case "line": "\(row[2])"
                default: "\(row[3])"
                }
            }.joined(separator: ",")
        }
        return
            "{\"snapshot\":{\"meta\":{\"node_fields\":\(names(nodeFields)),\"node_types\":\(types(nodeFields, nodeTypes)),"
            + "\"edge_fields\":\(names(edgeFields)),\"edge_types\":\(types(edgeFields, edgeTypes)),"
            + "\"location_fields\":\(names(locationFields))},\"node_count\":\(nodes.count),"
            + "\"edge_count\":\(edgeRows.count),\"extra_native_bytes\":\(extraNativeBytes)},"
            + "\"nodes\":[\(nodeRows.joined(separator: ","))],\"edges\":[\(edgeRows.joined(separator: ","))],"
            + "\"locations\":[\(locationRows.joined(separator: ","))],"
            + "\"strings\":[\(strings.map { "\"\($0)\"" }.joined(separator: ","))]}"
    }
}

/// Bytes as decisions; 0 where there are no more.
struct ByteSource {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place >= bytes.count }

    mutating func next() -> UInt8 {
        guard place < bytes.count else { return 0 }
        defer { place += 1 }
        return bytes[place]
    }

    mutating func below(_ count: Int) -> Int { Int(next()) % count }

    mutating func chance(_ some: Int, of all: Int) -> Bool { below(all) < some }

    /// Mostly short.
    mutating func length() -> Int {
        let byte = Int(next())
        return byte < 240 ? byte % 12 : byte
    }

    /// From all over the 64 bits, with their ends.
    mutating func number() -> UInt64 {
        switch below(8) {
        case 0...3: return UInt64(next())
        case 4: return UInt64(next()) << 8 | UInt64(next())
        case 5: return UInt64(UInt32.max) - UInt64(below(3))
        case 6: return (UInt64(1) << UInt64(below(64))) &+ UInt64(below(3)) &- 1
        default: return UInt64.max - UInt64(below(3))
        }
    }

    /// In bytes, of an object: about where a column has another width, and so large that few of them are too much.
    mutating func size() -> UInt64 {
        switch below(12) {
        case 0...1: 0
        case 2...7: UInt64(next())
        case 8: 65_533 + UInt64(below(5))
        case 9: UInt64(UInt32.max) - 2 + UInt64(below(5))
        case 10: UInt64(1) << UInt64(below(57))
        default: UInt64(next()) << 12
        }
    }

    mutating func rotated(_ list: [String]) -> [String] {
        let start = below(list.count)
        return Array(list[start...] + list[..<start])
    }
}
