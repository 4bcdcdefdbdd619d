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

    /// The concatenated strings, in the nodes' order.
    private var nodes: [UInt32] = []
    /// Of each: the length of the text up to `longest`, and 1.
    private let lengths: Column<UInt16>
    /// Of each: the node whose text up to `longest` is the same.
    private let beginnings: Column<UInt32>
    private static let open: UInt16 = .max

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph) {
        let cons = graph.types.consString
        for node in 0..<graph.nodeCount where graph.type[node] == cons {
            nodes.append(UInt32(truncatingIfNeeded: node))
        }
        guard let lengths = Column<UInt16>(count: nodes.count), let beginnings = Column<UInt32>(count: nodes.count)
        else {
            return nil
        }
        self.lengths = lengths
        self.beginnings = beginnings
        var stack: [Int] = []
        for start in nodes.indices where lengths[start] == 0 {
            stack.append(start)
            while let top = stack.last {
                let parts = ConsString.parts(graph, Int(nodes[top]))
                if lengths[top] == 0 {
                    // Its parts come first; what is open already is part of itself, which no program can make.
                    lengths[top] = Self.open
                    for part in [parts.second, parts.first] {
                        if let part, let place = place(of: part), lengths[place] == 0 { stack.append(place) }
                    }
                    continue
                }
                stack.removeLast()
                guard lengths[top] == Self.open else { continue }
                let first = length(parts.first, graph)
                lengths[top] = UInt16(min(first + length(parts.second, graph), Self.longest) + 1)
                beginnings[top] =
                    first >= Self.longest
                    ? parts.first.map { node in place(of: node).map { beginnings[$0] } ?? UInt32(node) } ?? 0
                    : nodes[top]
            }
        }
    }

    /// nil for a node of another kind.
    private func place(of node: Int) -> Int? {
        var (low, high) = (0, nodes.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(nodes[middle]) < node { low = middle + 1 } else { high = middle }
        }
        return low < nodes.count && Int(nodes[low]) == node ? low : nil
    }

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
