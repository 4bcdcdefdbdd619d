import HeapSnapshot

/// Makes a `PathTree`: goes through the heap breadth first, from the application's roots and then from V8's own.
struct PathMerge {
    private let analysis: HeapAnalysis
    private let graph: HeapGraph
    private let vocabulary: PathVocabulary
    private let queue: Column<UInt32>
    private var queued = 0
    /// Edges to what V8 makes of a program, with the nodes that they lead from: what it makes differs from moment to moment.
    private var deferred: [(source: UInt32, edge: UInt32)] = []
    private var followed = 0
    /// By node.
    private let placeOfNode: Column<UInt32>
    private var merged: [Merged] = []
    private var table: HashTable
    private var isOutOfMemory = false

    private struct Merged {
        let parent: UInt32
        let label: PathLabel
        /// A place in `ClassNames.classes`.
        let classIndex: UInt32
        let firstNode: UInt32
    }

    private static let unreached = UInt32.max
    /// Strings of all kinds: V8 turns one into another.
    private static let anyString = UInt32.max
    /// An object with more properties is a dictionary, whose keys differ from heap to heap.
    private static let mostNames = 32
    /// A program has some 100,000, most of them Node's own; each takes 80 bytes.
    private static let mostPlaces = 1 << 20
    private static let bytesOfPlace = 80
    /// Of a context's variables, these tell whose it is.
    private static let mostVariables = 64
    /// A list or a tree repeats itself within so many steps.
    private static let longestCycle = 6

    /// - Returns: nil where there is no memory.
    init?(_ analysis: HeapAnalysis, _ vocabulary: PathVocabulary) {
        let graph = analysis.graph
        guard let queue = Column<UInt32>(count: graph.nodeCount, isZero: false),
            let placeOfNode = Column<UInt32>(count: graph.nodeCount, isZero: false),
            let table = HashTable(capacity: 1 << 12)
        else { return nil }
        self.analysis = analysis
        self.graph = graph
        self.vocabulary = vocabulary
        self.queue = queue
        self.placeOfNode = placeOfNode
        self.table = table
        placeOfNode.base.update(repeating: Self.unreached, count: graph.nodeCount)
    }

    mutating func run() {
        placeOfNode.base[HeapGraph.root] = UInt32(PathTree.root)
        merged.append(
            Merged(
                parent: 0, label: PathLabel(.root), classIndex: analysis.names.ofNode[HeapGraph.root],
                firstNode: UInt32(HeapGraph.root)))
        queue.base[0] = UInt32(HeapGraph.root)
        queued = 1
        // The application's roots first, with all that they lead to.
        expand(HeapGraph.root) { [graph] in graph.isUserRoot($0) }
        drain(from: 1)
        let reached = queued
        expand(HeapGraph.root) { _ in true }
        drain(from: reached)
    }

    /// Until nothing is left, what was deferred last.
    private mutating func drain(from start: Int) {
        var next = start
        while true {
            while next < queued, !isOutOfMemory {
                expand(Int(queue.base[next])) { _ in true }
                next += 1
            }
            guard followed < deferred.count, !isOutOfMemory else { return }
            let (source, edge) = deferred[followed]
            followed += 1
            reach(Int(edge), from: Int(source), isDictionary: false)
        }
    }

    private mutating func expand(_ node: Int, where isMeant: (Int) -> Bool) {
        if graph.isOfTheMoment(node) { return }
        let place = placeOfNode.base[node]
        let edges = graph.edges(of: node)
        let isDictionary = edges.count > Self.mostNames && isDictionary(node, edges, place)
        for edge in edges {
            let packed = graph.edge[edge]
            let target = PackedEdge.target(packed)
            guard placeOfNode.base[target] == Self.unreached, isFollowed(edge, packed), isMeant(target) else {
                continue
            }
            if isOfV8(edge, packed, from: node) {
                guard MemoryGuard.shared.admitsNext(deferred.count, of: 8) else {
                    isOutOfMemory = true
                    return
                }
                deferred.append((UInt32(truncatingIfNeeded: node), UInt32(truncatingIfNeeded: edge)))
            } else {
                reach(edge, from: node, isDictionary: isDictionary)
            }
        }
    }

    private mutating func reach(_ edge: Int, from node: Int, isDictionary: Bool) {
        let target = PackedEdge.target(graph.edge[edge])
        guard placeOfNode.base[target] == Self.unreached else { return }
        let label = graph.pathLabel(ofEdge: edge, isDictionary: isDictionary)
        placeOfNode.base[target] = place(label, mergedClass(of: target), below: placeOfNode.base[node], for: target)
        queue.base[queued] = UInt32(truncatingIfNeeded: target)
        queued += 1
    }

    private func mergedClass(of node: Int) -> UInt32 {
        graph.types.isString(graph.type[node]) ? Self.anyString : analysis.names.ofNode[node]
    }

    /// Code, and of a function all but its variables and properties.
    private func isOfV8(_ edge: Int, _ packed: UInt32, from node: Int) -> Bool {
        let (type, types) = (graph.type, graph.types)
        if type[PackedEdge.target(packed)] == types.code || type[node] == types.code { return true }
        return type[node] == types.closure && PackedEdge.type(packed) == EdgeType.internal.rawValue
            && graph.tag(ofEdge: edge) != .context
    }

    private func isFollowed(_ edge: Int, _ packed: UInt32) -> Bool {
        let type = PackedEdge.type(packed)
        guard type == EdgeType.internal.rawValue else { return type != EdgeType.weak.rawValue }
        // The shapes of objects are V8's, and lead from everywhere to everywhere.
        let tag = graph.tag(ofEdge: edge)
        return tag != .map && tag != .sloppyFunctionMap
    }

    private func isDictionary(_ node: Int, _ edges: Range<Int>, _ place: UInt32) -> Bool {
        // The global object has a name for each variable, however many there are.
        let label = merged[Int(place)].label
        if label.kind == .ownEdge, graph.tag(ofName: label.name) == .globalObject { return false }
        var count = 0
        for edge in edges where PackedEdge.type(graph.edge[edge]) == EdgeType.property.rawValue { count += 1 }
        return count > Self.mostNames
    }

    /// The place that a step leads to: one above where the step repeats one that led there.
    private mutating func place(
        _ label: PathLabel, _ classIndex: UInt32, below parent: UInt32, for node: Int
    ) -> UInt32 {
        // Of V8's own steps only those between the parts of a concatenated string: a context in a context is another function's.
        if label.kind != .ownEdge || graph.type[node] == graph.types.consString {
            var above = Int(parent)
            for _ in 0..<Self.longestCycle where above != PathTree.root {
                if merged[above].label == label, merged[above].classIndex == classIndex { return UInt32(above) }
                above = Int(merged[above].parent)
            }
        }
        let key = UInt64(parent) << 32 | UInt64(classIndex)
        let hash = TextHash.of(key) ^ TextHash.of(UInt64(label.kind.rawValue) << 32 | UInt64(label.name))
        let slot = table.slot(hash) {
            merged[$0].parent == parent && merged[$0].classIndex == classIndex && merged[$0].label == label
        }
        if let known = table[slot] { return UInt32(known) }
        // Nothing is lost of a heap without any order but where in it.
        if merged.count == Self.mostPlaces { return parent }
        guard MemoryGuard.shared.admitsNext(merged.count, of: Self.bytesOfPlace) else {
            isOutOfMemory = true
            return parent
        }
        let new = merged.count
        merged.append(
            Merged(
                parent: parent, label: label, classIndex: classIndex, firstNode: UInt32(truncatingIfNeeded: node)))
        if !table.insert(new, hash, at: slot) { isOutOfMemory = true }
        return UInt32(truncatingIfNeeded: new)
    }

    /// - Returns: nil where memory was too short.
    func places() -> [PathTree.Place]? {
        if isOutOfMemory { return nil }
        var labels: [UInt32: UInt32] = [:]
        var classes: [UInt32: UInt32] = [:]
        var places = merged.map { place in
            let label = place.label.hasName ? known(place.label.name, in: &labels, number(ofText:)) : 0
            let className = known(place.classIndex, in: &classes, number(ofClass:))
            return PathTree.Place(
                parent: place.parent, label: label, className: className, kind: place.label.kind,
                scope: scope(of: Int(place.firstNode)), firstNode: place.firstNode)
        }
        for node in 0..<graph.nodeCount where placeOfNode.base[node] != Self.unreached {
            let place = Int(placeOfNode.base[node])
            places[place].count += 1
            places[place].shallowSize.addSaturating(analysis.columns.selfSize(node))
        }
        for place in places.indices.reversed() {
            places[place].size.addSaturating(places[place].shallowSize)
            if place != PathTree.root { places[Int(places[place].parent)].size.addSaturating(places[place].size) }
        }
        return places
    }

    /// The names of a context's variables, which tell the contexts of different functions apart.
    private func scope(of node: Int) -> UInt32? {
        guard graph.type[node] == graph.types.object, graph.tag(ofNode: node) == .functionContext else { return nil }
        let names = graph.edges(of: node).lazy.filter {
            PackedEdge.type(graph.edge[$0]) == EdgeType.context.rawValue
        }.prefix(Self.mostVariables).map { number(ofText: graph.edgeName[$0]) }
        if names.isEmpty { return nil }
        return vocabulary.number(of: Array("variables".utf8) + names.flatMap { withUnsafeBytes(of: $0, Array.init) })
    }

    private func number(ofText name: UInt32) -> UInt32 { vocabulary.number(of: analysis.columns.strings[Int(name)]) }

    private func number(ofClass index: UInt32) -> UInt32 {
        index == Self.anyString
            ? vocabulary.number(of: Array("(string)".utf8))
            : analysis.names.withName(of: Int(index)) { vocabulary.number(of: $0) }
    }

    private func known(
        _ key: UInt32, in numbers: inout [UInt32: UInt32], _ number: (UInt32) -> UInt32
    ) -> UInt32 {
        if let known = numbers[key] { return known }
        let new = number(key)
        numbers[key] = new
        return new
    }
}
