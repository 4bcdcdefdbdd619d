import Foundation

/// A valid snapshot that no program's heap is, written row by row: made to cost whoever looks into it dear.
struct HostileSnapshot {
    enum Kind: Int {
        case hidden, array, string, object, code, closure, regexp, number, native, synthetic, concatenated, sliced
    }

    enum Link: Int {
        case context, element, property, `internal`, hidden, shortcut, weak
    }

    private var rows: [[Int]] = [[Kind.synthetic.rawValue, 0, 1, 0, 0, 0]]
    private var edges: [[(Link, Int, Int)]] = [[]]
    private var locations: [String] = []
    private var strings = [""]
    private var known = ["": 0]
    /// The application's global object, which the root holds.
    let global = 1

    init() {
        _ = add(.object, "Global")
        link(0, global, "global", .shortcut)
    }

    /// The place of a string.
    mutating func string(_ text: String) -> Int {
        if let index = known[text] { return index }
        known[text] = strings.count
        strings.append(text)
        return strings.count - 1
    }

    /// - Returns: its ordinal.
    mutating func add(_ kind: Kind, _ name: String, _ size: Int = 16, isDetached: Bool = false) -> Int {
        rows.append([kind.rawValue, string(name), rows.count * 2 + 1, size, 0, isDetached ? 2 : 0])
        edges.append([])
        return rows.count - 1
    }

    /// An object of the global object's.
    mutating func hold(_ kind: Kind, _ name: String, _ size: Int = 16) -> Int {
        let node = add(kind, name, size)
        link(global, node, node, .element)
        return node
    }

    mutating func link(_ source: Int, _ target: Int, _ name: String, _ link: Link = .property) {
        self.link(source, target, string(name), link)
    }

    /// - Parameter name: the place of a string, or the number of an element.
    mutating func link(_ source: Int, _ target: Int, _ name: Int, _ link: Link) {
        edges[source].append((link, name, target))
    }

    mutating func place(_ node: Int, script: Int, line: Int, column: Int = 0) {
        locations.append("\(node * 6),\(script),\(line),\(column)")
    }

    func write(to path: String) throws {
        let meta = """
            {"node_fields":["type","name","id","self_size","edge_count","detachedness"],"node_types":[["hidden","array",\
            "string","object","code","closure","regexp","number","native","synthetic","concatenated string",\
            "sliced string"],"string","number","number","number","number"],"edge_fields":["type","name_or_index",\
            "to_node"],"edge_types":[["context","element","property","internal","hidden","shortcut","weak"],\
            "string_or_number","node"],"location_fields":["object_index","script_id","line","column"]}
            """
        let nodeRows = zip(rows, edges).map { row, edges in
            "\(row[0]),\(row[1]),\(row[2]),\(row[3]),\(edges.count),\(row[5])"
        }
        let edgeRows = edges.joined().map { "\($0.0.rawValue),\($0.1),\($0.2 * 6)" }
        let text = [
            "{\"snapshot\":{\"meta\":\(meta),\"node_count\":\(rows.count),\"edge_count\":\(edgeRows.count)},\"nodes\":[",
            nodeRows.joined(separator: ","), "],\"edges\":[", edgeRows.joined(separator: ","), "],\"locations\":[",
            locations.joined(separator: ","), "],\"strings\":[\"", strings.joined(separator: "\",\""), "\"]}",
        ]
        try Data(text.joined().utf8).write(to: URL(fileURLWithPath: path))
    }
}
