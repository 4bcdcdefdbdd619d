import HeapSnapshot

/// What DevTools calls single objects (`JSHeapSnapshotNode.name`). UTF-8, or WTF-8 where JavaScript's text is no Unicode.
struct ObjectNames {
    private let graph: HeapGraph
    private let renamed: Set<Int>
    let cons: ConsTexts

    /// In UTF-16 code units.
    private static let longestString = ConsTexts.longest
    /// More parts than a text has that is not made to keep its reader busy.
    private static let mostParts = 1 << 16
    private static let longestObjectName = 100

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, _ detached: DetachedState) {
        guard let cons = ConsTexts(graph) else { return nil }
        self.graph = graph
        self.cons = cons
        renamed = Set(detached.renamed)
    }

    func name(of node: Int) -> [UInt8] {
        if graph.type[node] == graph.types.consString { return consString(node) }
        if graph.type[node] == graph.types.object, graph.tag(ofNode: node) == .object { return plainObject(node) }
        let text = Array(graph.columns.strings[Int(graph.name[node])])
        return renamed.contains(node) ? Array("Detached ".utf8) + text : text
    }

    /// Whether a string's text may go on: V8 tells the first 1,024 characters alone.
    static func isLong(_ text: [UInt8]) -> Bool { JavaScriptText.length(text) >= longestString }

    private func consString(_ node: Int) -> [UInt8] {
        var text: [UInt8] = []
        var stack: [Int] = []
        appendText(ofCons: node, to: &text, &stack)
        return text
    }

    /// - Parameter stack: empty before and afterwards.
    func appendText(ofCons node: Int, to text: inout [UInt8], _ stack: inout [Int]) {
        stack.append(cons.beginning(of: node))
        var length = 0
        var left = Self.mostParts
        while let next = stack.popLast(), length < Self.longestString, left > 0 {
            left -= 1
            guard graph.type[next] == graph.types.consString else {
                let part = graph.columns.strings[Int(graph.name[next])]
                text.append(contentsOf: part)
                length += JavaScriptText.length(part)
                continue
            }
            let parts = ConsString.parts(graph, next)
            // A part that is not there is read as the root, which has no name.
            stack.append(parts.second ?? HeapGraph.root)
            stack.append(parts.first ?? HeapGraph.root)
        }
        stack.removeAll(keepingCapacity: true)
    }

    /// `{first, second, …, last}`: properties from both ends by turns, as many as fit.
    private func plainObject(_ node: Int) -> [UInt8] {
        var head: [UInt8] = [UInt8(ascii: "{")]
        var tail: [UInt8] = [UInt8(ascii: "}")]
        var (first, end) = (graph.edges(of: node).lowerBound, graph.edges(of: node).upperBound)
        var isFromEnd = false
        while first < end {
            let index = isFromEnd ? end - 1 : first
            let isProperty =
                PackedEdge.type(graph.edge[index]) == EdgeType.property.rawValue && graph.tag(ofEdge: index) != .proto
            guard isProperty else {
                if isFromEnd { end -= 1 } else { first += 1 }
                continue
            }
            let property = InterfaceInference.format(Array(graph.columns.strings[Int(graph.edgeName[index])]))
            let length = JavaScriptText.length(head) + JavaScriptText.length(tail) + JavaScriptText.length(property)
            if head.count > 1, length > Self.longestObjectName { break }
            if isFromEnd {
                end -= 1
                if tail.count > 1 { tail = Array(", ".utf8) + tail }
                tail = property + tail
            } else {
                first += 1
                if head.count > 1 { head += Array(", ".utf8) }
                head += property
            }
            isFromEnd.toggle()
        }
        if first < end { head += Array(", …".utf8) }
        if tail.count > 1 { head += Array(", ".utf8) }
        return head + tail
    }
}
