import HeapSnapshot

/// What DevTools calls single objects (`JSHeapSnapshotNode.name`). UTF-8, or WTF-8 where JavaScript's text is no Unicode.
struct ObjectNames {
    private let graph: HeapGraph
    private let detached: DetachedState
    let cons: ConsTexts

    /// In UTF-16 code units.
    private static let longestString = ConsTexts.longest
    private static let longestObjectName = 100

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, _ detached: DetachedState) {
        guard let cons = ConsTexts(graph) else { return nil }
        self.graph = graph
        self.cons = cons
        self.detached = detached
    }

    /// For people and JSON.
    func shownName(of node: Int) -> String {
        withName(of: node) { text in
            guard detached.isRenamed(node) else { return HeapText.name(text) }
            return HeapText.name(Array("Detached ".utf8) + text.prefix(HeapText.longest * 4))
        }
    }

    /// The same as UTF-8, without a copy of most.
    func withShownName<Result>(of node: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        guard detached.isRenamed(node) else { return withName(of: node) { HeapText.withUnicode($0, body) } }
        var name = HeapText.readable(shownName(of: node))
        return name.withUTF8(body)
    }

    /// - Parameter body: gets the name, but for the "Detached " of nodes that are. It is valid within. See `appendText`.
    func withName<Result>(of node: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        if graph.type[node] == graph.types.consString { return consString(node).withUnsafeBufferPointer(body) }
        if graph.type[node] == graph.types.object, graph.tag(ofNode: node) == .object {
            return plainObject(node).withUnsafeBufferPointer(body)
        }
        // Not copied: it may be as long as the document.
        return body(graph.columns.strings[Int(graph.name[node])])
    }

    /// Whether a string's text may go on: V8 tells the first 1,024 characters alone.
    static func isLong(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        JavaScriptText.prefixLength(text, units: longestString - 1) < text.count
    }

    private func consString(_ node: Int) -> [UInt8] {
        var text: [UInt8] = []
        var stack: [Int] = []
        _ = appendText(ofCons: node, to: &text, &stack)
        return text
    }

    /// Up to the end of the part that makes it long enough. What is longer than V8 writes of a part is left out; then the text ends with
    /// a mark of that part, which is no character: it is another text than that of another part.
    /// - Parameter stack: empty before and afterwards.
    /// - Returns: how many strings were looked at.
    func appendText(ofCons node: Int, to text: inout [UInt8], _ stack: inout [Int]) -> Int {
        stack.append(cons.beginning(of: node))
        var length = 0
        var count = 0
        while let next = stack.popLast(), length < Self.longestString {
            count += 1
            if let place = cons.place(of: next) {
                let parts = cons.parts(at: place)
                stack.append(parts.second)
                stack.append(parts.first)
                continue
            }
            let part = graph.columns.strings[Int(graph.name[next])]
            let shown = part.prefix(JavaScriptText.prefixLength(part, units: Self.longestString))
            text.append(contentsOf: shown)
            length += JavaScriptText.length(shown)
            if shown.count < part.count {
                Self.appendMark(graph.name[next], to: &text)
                break
            }
        }
        stack.removeAll(keepingCapacity: true)
        return count
    }

    /// Of a string, in bytes that stand in no UTF-8 so.
    private static func appendMark(_ string: UInt32, to text: inout [UInt8]) {
        text.append(0xFF)
        for shift in stride(from: UInt32(0), to: 32, by: 6) {
            text.append(0x80 | UInt8(truncatingIfNeeded: string &>> shift) & 0x3F)
        }
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
            // The first one may be of any length, and stand in each object.
            let text = graph.columns.strings[Int(graph.edgeName[index])]
            let shown = text.prefix(JavaScriptText.prefixLength(text, units: HeapText.longest))
            let property = InterfaceInference.format(Array(shown))
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
