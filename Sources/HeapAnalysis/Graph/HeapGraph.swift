import HeapSnapshot

/// The nodes and edges of a snapshot as the analysis' inner loops read them. Valid as long as the columns.
struct HeapGraph: @unchecked Sendable {
    let columns: SnapshotColumns
    let types: NodeTypes
    let tags: TextTags
    let nodeCount: Int
    let edgeCount: Int
    let type: UnsafeMutablePointer<UInt8>
    let name: UnsafeMutablePointer<UInt32>
    let first: UnsafeMutablePointer<UInt32>
    let edge: UnsafeMutablePointer<UInt32>
    let edgeName: UnsafeMutablePointer<UInt32>
    private let textTag: UnsafeMutablePointer<UInt8>

    /// Of the root.
    static let root = 0

    init(_ columns: SnapshotColumns, _ tags: TextTags) {
        self.columns = columns
        self.tags = tags
        types = NodeTypes(columns.typeCodes)
        nodeCount = columns.nodeCount
        edgeCount = columns.edgeCount
        type = columns.types.base
        name = columns.names.base
        first = columns.firstEdges.base
        edge = columns.edgeTargets.base
        edgeName = columns.edgeNames.base
        textTag = tags.pointer
    }

    @inline(__always)
    func edges(of node: Int) -> Range<Int> {
        Range(uncheckedBounds: (Int(first[node]), Int(first[node &+ 1])))
    }

    /// Of the name of a node.
    @inline(__always)
    func tag(ofNode node: Int) -> TextTag { TextTag(rawValue: textTag[Int(name[node])]) ?? .none }

    @inline(__always)
    func tag(ofName name: UInt32) -> TextTag { TextTag(rawValue: textTag[Int(name)]) ?? .none }

    /// Of the name of an edge that has a string for one: neither an element nor a hidden edge.
    @inline(__always)
    func tag(ofEdge index: Int) -> TextTag { TextTag(rawValue: textTag[Int(edgeName[index])]) ?? .none }

    /// Whether an edge's name is a number, as those of elements are: V8's own tables, those of Maps and Sets among them, hold what they
    /// hold by internal edges that are called by numbers.
    func isNumbered(_ index: Int) -> Bool {
        let type = PackedEdge.type(edge[index])
        guard Self.hasStringName(type) else { return true }
        guard type == EdgeType.internal.rawValue else { return false }
        let text = columns.strings[Int(edgeName[index])]
        // No number is longer, and a text of many megabytes may stand at each edge.
        return !text.isEmpty && text.count <= 20
            && text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// What the first internal edge with such a name leads to.
    @inline(__always)
    func internalTarget(of node: Int, where matches: (TextTag) -> Bool) -> Int? {
        for index in edges(of: node)
        where PackedEdge.type(edge[index]) == EdgeType.internal.rawValue && matches(tag(ofEdge: index)) {
            return PackedEdge.target(edge[index])
        }
        return nil
    }

    @inline(__always)
    static func hasStringName(_ edgeType: UInt32) -> Bool {
        edgeType != EdgeType.element.rawValue && edgeType != EdgeType.hidden.rawValue
    }

    /// Whether an edge leads to what an object has, not to what all of its class share.
    /// - Parameter variables: whether a function has the variables of the one around it.
    func leadsToOwn(_ index: Int, variables: Bool) -> Bool {
        let type = PackedEdge.type(edge[index])
        guard type != EdgeType.weak.rawValue else { return false }
        guard Self.hasStringName(type) else { return true }
        switch tag(ofEdge: index) {
        case .map, .proto, .shared, .script, .nativeContext, .previous: return false
        case .context: return variables
        default: return true
        }
    }

    /// Whether it is one of V8's roots for what runs at this moment: what it holds is most often gone at the next.
    func isOfTheMoment(_ node: Int) -> Bool {
        guard type[node] == types.synthetic else { return false }
        let name = columns.strings[Int(self.name[node])]
        return ["(Stack roots)", "(Handle scope)"].contains { name.elementsEqual($0.utf8) }
    }

    /// The global object of each context where the root does not refer to it, as it does not in Deno.
    /// - Returns: none where there are more than any program has.
    func hiddenGlobals() -> [Int] {
        guard !edges(of: Self.root).contains(where: { isUserRoot(PackedEdge.target(edge[$0])) }) else { return [] }
        let suffix = Array("[JSGlobalObject]".utf8)
        let names = Set(
            (0..<columns.strings.count).filter { columns.strings[$0].suffix(suffix.count).elementsEqual(suffix) }
                .map { UInt32(truncatingIfNeeded: $0) })
        guard !names.isEmpty else { return [] }
        let found = (0..<nodeCount).lazy.filter { type[$0] == types.object && names.contains(name[$0]) }.prefix(1001)
        return found.count > 1000 ? [] : Array(found)
    }

    /// Whether the application holds it, not V8: what DevTools measures distances from.
    func isUserRoot(_ node: Int) -> Bool {
        type[node] != types.synthetic || tag(ofNode: node) == .documentDOMTrees
    }
}
