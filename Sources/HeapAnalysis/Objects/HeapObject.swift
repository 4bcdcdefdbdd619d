import HeapSnapshot

/// One object of the heap, as people and JSON read it. The place is a function's.
public struct HeapObject: Placed, Encodable, Sendable, Equatable {
    /// Its place in the document.
    @Unprinted var ordinal: Int
    public let id: UInt64
    /// Of strings, their text; of plain objects, their properties. Up to `HeapText.longest`, as all texts here.
    public let name: String
    public let `class`: String
    /// As V8 calls it.
    public let type: String
    /// In bytes.
    public let shallowSize: UInt64
    /// In bytes.
    public let retainedSize: UInt64
    /// DevTools' number: steps from the application's roots; 100,000,000 and more for V8's own objects, below 0 if nothing leads there.
    public let distance: Int32
    public var scriptID: UInt32?
    public var script: String?
    public var line, column: UInt32?

    /// DevTools counts a Proxy among V8's own objects.
    public var isProxy: Bool { type == "hidden" && name == Self.proxyName }
    static let proxyName = "system / JSProxy"

    /// The global object of Deno, to which the root does not refer.
    var isHiddenGlobal: Bool { name.hasSuffix("[JSGlobalObject]") }
}

/// One edge as DevTools writes it.
public struct HeapReference: Encodable, Sendable, Equatable {
    /// How the one refers to the other: `.name`, `[0]`, `->variable`, `{internal}`.
    public let edge: String
    /// As V8 calls it.
    public let type: String
    public let object: HeapObject

    static let typeNames = ["context", "element", "property", "internal", "hidden", "shortcut", "weak", "other"]
}

extension HeapAnalysis {
    public func object(_ node: Int) -> HeapObject {
        var object = HeapObject(
            ordinal: node, id: columns.id(node), name: objectNames.shownName(of: node), class: className(of: node),
            type: HeapText.name(Array(columns.nodeTypeNames[columns.typeNumber(node)].utf8)),
            shallowSize: columns.selfSize(node), retainedSize: tree.retainedSizes[node], distance: distances[node])
        object.place = codePlace(of: node)
        return object
    }

    /// In bytes.
    public func retainedSize(_ node: Int) -> UInt64 { tree.retainedSizes[node] }

    func className(of node: Int) -> String {
        names.name(of: Int(names.ofNode[node]))
    }

    /// How a node's edge to another is written: `.name`, `[0]`, `->variable`, `{internal}`.
    func text(ofEdge index: Int) -> String {
        let name = graph.edgeName[index]
        let type = EdgeType(rawValue: PackedEdge.type(graph.edge[index])) ?? .other
        switch type {
        case .element: return "[\(name)]"
        case .hidden: return "{\(name)}"
        default: break
        }
        let text = HeapText.name(columns.strings[Int(name)])
        switch type {
        case .context: return "->" + text
        case .weak: return "[[\(text)]]"
        case .property, .shortcut: return text.contains(" ") ? "[\"\(text)\"]" : "." + text
        default: return "{\(text)}"
        }
    }

    /// What an object refers to, in the document's order.
    public func references(of node: Int) -> ReferenceList { ReferenceList(self, from: graph.edges(of: node)) }

    /// - Returns: nil where no object has the id.
    public func node(withID id: UInt64) -> Int? {
        (0..<graph.nodeCount).first { columns.id($0) == id }
    }
}
