import HeapSnapshot

/// What newer versions of V8 tell of a string whose text was cut.
struct Truncation: Equatable {
    let lengthAndHash: [Int?]

    var hash: UInt64 {
        lengthAndHash.reduce(TextHash.seed) { TextHash.next($0, UInt64(bitPattern: Int64($1 ?? -1))) }
    }
}

/// Those of a heap's strings.
///
/// The nodes that tell of it may be shared, and have any number of edges: each such node is looked through once.
struct Truncations {
    private let graph: HeapGraph
    private let hasAny: Bool
    private var values: [Int: Int?] = [:]

    private static let manyEdges = 16

    /// - Parameter hasAny: whether the heap tells of any.
    init(_ graph: HeapGraph, hasAny: Bool) {
        self.graph = graph
        self.hasAny = hasAny
    }

    /// nil where the string was not cut.
    mutating func of(_ node: Int) -> Truncation? {
        guard hasAny, let mark = graph.internalTarget(of: node, where: { $0 == .truncated }),
            graph.type[mark] == graph.types.number, graph.tag(ofNode: mark) == .bool, let value = value(of: mark),
            graph.tag(ofNode: value) == .isTrue
        else { return nil }
        return Truncation(lengthAndHash: [number(node, .length), number(node, .hash)])
    }

    private mutating func number(_ node: Int, _ name: TextTag) -> Int? {
        guard let box = graph.internalTarget(of: node, where: { $0 == name }), graph.type[box] == graph.types.number,
            graph.tag(ofNode: box) == .int, let value = value(of: box)
        else { return nil }
        return JavaScriptText.parseInt(graph.columns.strings[Int(graph.name[value])]).flatMap(Int.init(exactly:))
    }

    private mutating func value(of box: Int) -> Int? {
        guard graph.edges(of: box).count > Self.manyEdges else {
            return graph.internalTarget(of: box, where: { $0 == .value })
        }
        if let known = values[box] { return known }
        let value = graph.internalTarget(of: box, where: { $0 == .value })
        values[box] = .some(value)
        return value
    }
}
