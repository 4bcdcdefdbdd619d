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
///
/// What is left of a string then has two parts that are not empty, the first of which is short. So a text is read from 2,048 nodes at
/// most, whatever the file makes of its strings: chains of empty parts, parts shared by the million, strings that are parts of themselves.
struct ConsTexts: @unchecked Sendable {
    /// In UTF-16 code units: a text is read until it is so long.
    static let longest = 1024

    /// The concatenated strings.
    private let index: NodeIndex
    /// Of each: the length of the text up to `longest`, and 1.
    private let lengths: Column<UInt16>
    /// Of each: the node of its first part, or, where it has none of its own to tell, the node whose text up to `longest` is the same.
    private let firsts: Column<UInt32>
    /// Of each: the node of its second part; `noPart` where the first tells all.
    private let seconds: Column<UInt32>
    private static let open: UInt16 = .max
    private static let noPart: UInt32 = .max

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph) {
        let cons = graph.types.consString
        guard let members = BitColumn(count: graph.nodeCount) else { return nil }
        for node in 0..<graph.nodeCount where graph.type[node] == cons { members.set(node) }
        guard let index = NodeIndex(members, nodeCount: graph.nodeCount),
            let lengths = Column<UInt16>(count: index.count), let firsts = Column<UInt32>(count: index.count),
            let seconds = Column<UInt32>(count: index.count), let stack = Column<UInt32>(count: 1 << 10, isZero: false)
        else { return nil }
        self.index = index
        self.lengths = lengths
        self.firsts = firsts
        self.seconds = seconds
        // Nodes, of which the last one's parts come first.
        var top = 0
        func push(_ node: Int) -> Bool {
            guard top < stack.count || stack.resize(to: stack.count * 2) else { return false }
            stack[top] = UInt32(truncatingIfNeeded: node)
            top += 1
            return true
        }
        for start in 0..<graph.nodeCount where members[start] && lengths[index.place(of: start)] == 0 {
            guard push(start) else { return nil }
            while top > 0 {
                let node = Int(stack[top - 1])
                let place = index.place(of: node)
                if lengths[place] != 0, lengths[place] != Self.open {
                    top -= 1
                    continue
                }
                let parts = ConsString.parts(graph, node)
                if lengths[place] == 0 {
                    // What is open already is part of itself, which no program can make.
                    lengths[place] = Self.open
                    let depth = top
                    for part in [parts.second, parts.first] {
                        guard let part, let place = self.place(of: part), lengths[place] == 0 else { continue }
                        guard push(part) else { return nil }
                    }
                    if top > depth { continue }
                }
                top -= 1
                join(parts.first, parts.second, at: place, graph)
            }
        }
    }

    private func join(_ first: Int?, _ second: Int?, at place: Int, _ graph: HeapGraph) {
        let (firstLength, secondLength) = (length(first, graph), length(second, graph))
        let parts = (beginning(ofPart: first), beginning(ofPart: second))
        lengths[place] = UInt16(min(firstLength + secondLength, Self.longest) + 1)
        // Where one part is empty, the text is the other's.
        (firsts[place], seconds[place]) =
            firstLength >= Self.longest || secondLength == 0
            ? (parts.0, Self.noPart) : firstLength == 0 ? (parts.1, Self.noPart) : parts
    }

    /// A part that is not there is read as the root, which has no name.
    private func beginning(ofPart part: Int?) -> UInt32 {
        UInt32(truncatingIfNeeded: part.map { beginning(of: $0) } ?? HeapGraph.root)
    }

    /// How many there are.
    var count: Int { index.count }

    /// The number of one among all; nil for a node of another kind.
    @inline(__always)
    func place(of node: Int) -> Int? { index.has(node) ? index.place(of: node) : nil }

    private func length(_ part: Int?, _ graph: HeapGraph) -> Int {
        guard let part else { return 0 }
        guard let place = place(of: part) else {
            let text = graph.columns.strings[Int(graph.name[part])]
            let count = JavaScriptText.prefixLength(text, units: Self.longest)
            return count < text.count ? Self.longest : min(JavaScriptText.length(text), Self.longest)
        }
        return lengths[place] == Self.open ? 0 : Int(lengths[place]) - 1
    }

    func isEmpty(_ node: Int) -> Bool { place(of: node).map { lengths[$0] <= 1 } ?? true }

    /// The string to read the text of a concatenated one from.
    func beginning(of node: Int) -> Int {
        guard let place = place(of: node), lengths[place] != Self.open else {
            return place(of: node) == nil ? node : HeapGraph.root
        }
        return seconds[place] == Self.noPart ? Int(firsts[place]) : node
    }

    /// Of a concatenated string that is its own beginning: neither is empty.
    func parts(at place: Int) -> (first: Int, second: Int) { (Int(firsts[place]), Int(seconds[place])) }
}
