import HeapSnapshot

/// What DevTools calls a class: nodes of one name, or of one type where names say nothing (`calculateObjectNames`); plain objects
/// of one interface; objects of constructors that stand in different places are kept apart.
struct HeapClass: BitwiseCopyable, Sendable {
    /// Where its name stands.
    let text: Text
    /// Where the constructor stands: a place in `ScriptLocations.places`; `noPlace` where that is not known, or makes no difference.
    let place: UInt32
    /// The class without its location: a place in `ClassNames.classes`.
    var plain: Int { Int(plainIndex) }
    /// Where it has a location: the first class of a name of this text, likewise.
    var named: Int { Int(namedIndex) }

    // There may be as many classes as nodes.
    private let plainIndex, namedIndex: UInt32

    static let noPlace = UInt32.max

    init(text: Text, place: UInt32, plain: Int, named: Int) {
        self.text = text
        self.place = place
        plainIndex = UInt32(truncatingIfNeeded: plain)
        namedIndex = UInt32(truncatingIfNeeded: named)
    }

    enum Text: BitwiseCopyable, Sendable {
        /// A string of the document.
        case string(UInt32)
        /// DevTools' own, or made of others: a place in `ClassNames.madeNames`.
        case made(UInt32)
    }
}

/// The class of every node.
final class ClassNames: @unchecked Sendable {
    // Set within `init` alone.
    /// The first `classCount` of them. There may be as many as nodes: such a list must grow without being copied.
    let classes: Column<HeapClass>
    @exclusivity(unchecked) private(set) var classCount = 0
    /// By node: a place in `classes`.
    let ofNode: Column<UInt32>
    private let graph: HeapGraph
    @exclusivity(unchecked) private var isOutOfMemory = false
    private var added: [[UInt8]: UInt32] = [:]
    @exclusivity(unchecked) private var madeNames: [[UInt8]] = []

    /// Plain objects have the number of a shape until they have a class.
    private static let shapeMark: UInt32 = 1 << 31

    /// - Parameter interfaces: those to look for, of another snapshot; nil for this one's own.
    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, _ detached: DetachedState, interfaces: [Interface]? = nil) {
        guard let ofNode = Column<UInt32>(count: graph.nodeCount, isPopulated: true, isZero: false),
            // By the string that is a class's name; 0 for none yet.
            let ofString = Column<UInt32>(count: graph.columns.strings.count),
            let classes = Column<HeapClass>(count: 1 << 10)
        else { return nil }
        self.graph = graph
        self.ofNode = ofNode
        self.classes = classes
        nameNodes(renamed: detached.renamed, ofString)
        guard let shapes = ObjectShapes(graph, into: ofNode, mark: Self.shapeMark) else { return nil }
        guard let interfaces = interfaces ?? InterfaceInference.interfaces(graph, shapes) else { return nil }
        self.interfaces = interfaces
        assign(InterfaceMatching(graph, self.interfaces), shapes, ofString)
        // What counts and compares classes takes so much of each.
        guard separateByLocation(), !isOutOfMemory, MemoryGuard.shared.admits(classCount * 72) else { return nil }
    }

    /// Those that plain objects were looked through for.
    private(set) var interfaces: [Interface] = []

    private func nameNodes(renamed: [Int], _ ofString: Column<UInt32>) {
        let (types, columns) = (graph.types, graph.columns)
        // The class of each type whose name says nothing, by number; 0 for those named by their nodes' names.
        var ofType = [UInt32](repeating: 0, count: columns.nodeTypeNames.count)
        for (number, name) in columns.nodeTypeNames.enumerated() {
            switch columns.typeCodes.code(of: number) {
            case types.object, types.native: continue
            case types.hidden: ofType[number] = index(ofAdded: Array("(system)".utf8)) + 1
            case types.code: ofType[number] = index(ofAdded: Array("(compiled code)".utf8)) + 1
            case types.closure: ofType[number] = index(ofAdded: Array("Function".utf8)) + 1
            case types.regexp: ofType[number] = index(ofAdded: Array("RegExp".utf8)) + 1
            default: ofType[number] = index(ofAdded: Array("(\(name))".utf8)) + 1
            }
        }
        let (type, name, wideType) = (graph.type, graph.name, columns.typeNumbers?.base)
        for node in 0..<graph.nodeCount {
            let known = ofType[wideType.map { Int($0[node]) } ?? Int(type[node])]
            ofNode.base[node] = known != 0 ? known &- 1 : index(ofName: name[node], ofString)
        }
        var renamedClasses: [UInt32: UInt32] = [:]
        for node in renamed {
            // Names that became others are strings of their own, also where one of the same text is there.
            let old = name[node]
            let new = renamedClasses[old] ?? addRenamed(old)
            renamedClasses[old] = new
            ofNode.base[node] = new
        }
    }

    @inline(__always)
    private func index(ofName name: UInt32, _ ofString: Column<UInt32>) -> UInt32 {
        let known = ofString.base[Int(name)]
        return known != 0 ? known &- 1 : addName(name, ofString)
    }

    private func addName(_ name: UInt32, _ ofString: Column<UInt32>) -> UInt32 {
        let text = graph.columns.strings[Int(name)]
        let index: UInt32 =
            switch graph.tags[name] {
            case .markup, .detachedMarkup: index(ofAdded: Self.markup(Array(text)))
            default: append(.string(name))
            }
        ofString.base[Int(name)] = index + 1
        return index
    }

    private func addRenamed(_ name: UInt32) -> UInt32 {
        let text = Array("Detached ".utf8) + graph.columns.strings[Int(name)]
        return text.starts(with: "Detached <".utf8) ? index(ofAdded: Self.markup(text)) : append(made: text)
    }

    /// `<div id="a">` is of the class `<div>`.
    private static func markup(_ text: [UInt8]) -> [UInt8] {
        let start = text.first == UInt8(ascii: "<") ? 0 : 10
        guard let space = text.dropFirst(start).firstIndex(of: UInt8(ascii: " ")) else { return text }
        return text[..<space] + [UInt8(ascii: ">")]
    }

    /// Of a name that is DevTools' own: it is another class than that of nodes which happen to be named so.
    private func index(ofAdded text: [UInt8]) -> UInt32 {
        if let known = added[text] { return known }
        let index = append(made: text)
        added[text] = index
        return index
    }

    private func append(made name: [UInt8]) -> UInt32 {
        guard MemoryGuard.shared.admits(name.count + 64) else {
            isOutOfMemory = true
            return 0
        }
        madeNames.append(name)
        return append(.made(UInt32(madeNames.count - 1)))
    }

    private func append(
        _ text: HeapClass.Text, at place: UInt32 = HeapClass.noPlace, plain: Int? = nil, named: Int? = nil
    ) -> UInt32 {
        if isOutOfMemory { return 0 }
        let index = classCount
        if index == classes.count, !classes.resize(to: index * 2) {
            // Nothing is lost but the name: the analysis ends as it has begun, without memory.
            isOutOfMemory = true
            return 0
        }
        classes[index] = HeapClass(text: text, place: place, plain: plain ?? index, named: named ?? index)
        classCount += 1
        return UInt32(index)
    }

    /// UTF-8, or WTF-8 where JavaScript's text is no Unicode.
    func withName<Result>(of index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        switch classes[index].text {
        case .string(let string): body(graph.columns.strings[Int(string)])
        case .made(let place): madeNames[Int(place)].withUnsafeBufferPointer(body)
        }
    }

    func location(of index: Int) -> ScriptLocation? {
        let place = classes[index].place
        return place == HeapClass.noPlace ? nil : graph.columns.locations?[place]
    }

    /// For people and JSON.
    func name(of index: Int) -> String { withName(of: index) { HeapText.name($0) } }

    private func assign(_ matching: InterfaceMatching, _ shapes: ObjectShapes, _ ofString: Column<UInt32>) {
        guard shapes.objectCount > 0 else { return }
        // Each has a name of its own.
        var ofInterface = [UInt32?](repeating: nil, count: interfaces.count)
        let ofShape = shapes.shapes.map { shape -> UInt32? in
            guard let place = matching.best(for: shapes.properties(of: shape)) else { return nil }
            let index = ofInterface[place] ?? append(made: interfaces[place].name)
            ofInterface[place] = index
            return index
        }
        for node in 0..<graph.nodeCount where ofNode.base[node] & Self.shapeMark != 0 {
            let shape = Int(ofNode.base[node] & ~Self.shapeMark)
            ofNode.base[node] = ofShape[shape] ?? index(ofName: graph.name[node], ofString)
        }
    }

    /// - Returns: false where there is no memory.
    private func separateByLocation() -> Bool {
        guard let locations = graph.columns.locations else { return true }
        guard var known = HashTable(capacity: 1 << 10) else { return false }
        var firstOfName: [TextIdentity: Int] = [:]
        var sameName: [Int: Int] = [:]
        var (last, lastName) = (-1, -1)
        for row in locations.rows.values {
            let node = Int(row.ordinal)
            guard graph.type[node] == graph.types.object else { continue }
            // The last of several rows counts.
            let plain = classes[Int(ofNode.base[node])].plain
            // DevTools tells these classes apart by the text of their names. Objects of one class often come together.
            if plain != last {
                if sameName[plain] == nil {
                    let name = withName(of: plain) { TextIdentity($0) }
                    sameName[plain] = firstOfName[name] ?? plain
                    firstOfName[name] = sameName[plain]
                }
                (last, lastName) = (plain, sameName[plain] ?? plain)
            }
            let hash = TextHash.of(UInt64(row.place) &<< 32 | UInt64(lastName))
            let slot = known.slot(hash) { classes[$0].place == row.place && classes[$0].named == lastName }
            if let index = known[slot] {
                ofNode.base[node] = UInt32(truncatingIfNeeded: index)
            } else {
                let index = append(classes[plain].text, at: row.place, plain: plain, named: lastName)
                guard known.insert(Int(index), hash, at: slot), !isOutOfMemory else { return false }
                ofNode.base[node] = index
            }
        }
        return true
    }
}
