import HeapSnapshot

/// A string that V8 has not put together yet.
enum ConsString {
    static func parts(_ graph: HeapGraph, _ node: Int) -> (first: Int?, second: Int?) {
        var first: Int?
        var second: Int?
        for index in graph.edges(of: node)
        where PackedEdge.type(graph.edge[index]) == EdgeType.internal.rawValue && (first == nil || second == nil) {
            switch graph.tag(ofEdge: index) {
            case .first: first = PackedEdge.target(graph.edge[index])
            case .second: second = PackedEdge.target(graph.edge[index])
            default: break
            }
        }
        return (first, second)
    }
}

/// The beginnings of all concatenated strings' texts.
///
/// A text that grew by one `+=` after another is a string of as many levels as that, each of which the heap holds: to read every
/// one from its own top would take the square of their number. So it is noted where the text of each begins to differ from that of
/// its first part, which is read instead wherever it is long enough.
struct ConsTexts: @unchecked Sendable {
    /// In UTF-16 code units: a text is read until it is so long.
    static let longest = 1024

    /// The concatenated strings.
    private let index: NodeIndex
    /// Of each: the length of the text up to `longest`, and 1.
    private let lengths: Column<UInt16>
    /// Of each: the node whose text up to `longest` is the same.
    private let beginnings: Column<UInt32>
    private static let open: UInt16 = .max

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph) {
        let cons = graph.types.consString
        guard let members = BitColumn(count: graph.nodeCount) else { return nil }
        for node in 0..<graph.nodeCount where graph.type[node] == cons { members.set(node) }
        guard let index = NodeIndex(members, nodeCount: graph.nodeCount),
            let lengths = Column<UInt16>(count: index.count), let beginnings = Column<UInt32>(count: index.count)
        else { return nil }
        self.index = index
        self.lengths = lengths
        self.beginnings = beginnings
        // Nodes, of which the last one's parts come first.
        var stack: [Int] = []
        for start in 0..<graph.nodeCount where members[start] && lengths[index.place(of: start)] == 0 {
            stack.append(start)
            while let node = stack.last {
                let top = index.place(of: node)
                let parts = ConsString.parts(graph, node)
                if lengths[top] == 0 {
                    // What is open already is part of itself, which no program can make.
                    lengths[top] = Self.open
                    let depth = stack.count
                    for part in [parts.second, parts.first] {
                        if let part, let place = place(of: part), lengths[place] == 0 { stack.append(part) }
                    }
                    if stack.count > depth { continue }
                }
                stack.removeLast()
                guard lengths[top] == Self.open else { continue }
                let first = length(parts.first, graph)
                lengths[top] = UInt16(min(first + length(parts.second, graph), Self.longest) + 1)
                beginnings[top] =
                    first >= Self.longest
                    ? parts.first.map { node in place(of: node).map { beginnings[$0] } ?? UInt32(node) } ?? 0
                    : UInt32(truncatingIfNeeded: node)
            }
        }
    }

    /// How many there are.
    var count: Int { index.count }

    /// The number of one among all; nil for a node of another kind.
    @inline(__always)
    func place(of node: Int) -> Int? { index.has(node) ? index.place(of: node) : nil }

    private func length(_ part: Int?, _ graph: HeapGraph) -> Int {
        guard let part else { return 0 }
        guard let place = place(of: part) else {
            return min(JavaScriptText.length(graph.columns.strings[Int(graph.name[part])]), Self.longest)
        }
        return lengths[place] == Self.open ? 0 : Int(lengths[place]) - 1
    }

    func isEmpty(_ node: Int) -> Bool { place(of: node).map { lengths[$0] <= 1 } ?? true }

    /// The string to read the text of a concatenated one from.
    func beginning(of node: Int) -> Int { place(of: node).map { Int(beginnings[$0]) } ?? node }
}
