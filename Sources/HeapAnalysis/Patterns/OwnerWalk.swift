import HeapSnapshot

/// Whose an object is: up the tree of dominators, to an object of a class that people know, or to a variable.
///
/// Each object on a way up is looked at once, however many ways lead over it.
struct OwnerWalk {
    enum Owner: Equatable {
        /// Of a class that says whose it is.
        case object(Int)
        /// What a variable or a property of the global object leads to.
        case variable(Int)
        case node
        /// Nothing but V8's roots, or V8's own tables, hold it.
        case nobody
    }

    private let analysis: HeapAnalysis
    private let graph: HeapGraph
    private let nodesOwn: NodesOwn
    private let globals: Set<Int>
    /// By object: 0 where it is not known yet, else one of the marks, or `firstOwner` and the owner.
    private let known: Column<UInt32>
    /// By class.
    private var kinds: [UInt32: Kind] = [:]

    private enum Kind {
        case telling, other
        /// V8's own: what it has are its tables.
        case context
    }

    private static let nodesMark: UInt32 = 1
    private static let nobodysMark: UInt32 = 2
    private static let firstOwner: UInt32 = 3
    /// Of V8's stores, one in another.
    private static let mostStores = 64

    /// - Parameter globals: global objects, or the contexts that have them.
    /// - Returns: nil where there is no memory.
    init?(_ analysis: HeapAnalysis, _ nodesOwn: NodesOwn, globals: Set<Int>) {
        let graph = analysis.graph
        guard MemoryGuard.shared.admits(graph.nodeCount * 4), let known = Column<UInt32>(count: graph.nodeCount) else {
            return nil
        }
        (self.analysis, self.graph, self.nodesOwn, self.known) = (analysis, graph, nodesOwn, known)
        self.globals = Set(globals.map { graph.internalTarget(of: $0) { $0 == .globalObject } ?? $0 })
    }

    mutating func owner(of start: Int) -> Owner {
        var way: [Int] = []
        var node = start
        var mark: UInt32 = 0
        while true {
            mark = known.base[node]
            if mark != 0 { break }
            guard let above = holder(of: node) else {
                mark = Self.nobodysMark
                break
            }
            // What several variables hold has a name; a buffer that several objects hold has none.
            if node == start, isRoots(above) { return .nobody }
            mark = self.mark(of: node, heldBy: above)
            if mark != 0 { break }
            way.append(node)
            node = above
        }
        known.base[node] = mark
        for passed in way { known.base[passed] = mark }
        switch mark {
        case Self.nodesMark: return .node
        case Self.nobodysMark: return .nobody
        default:
            let owner = Int(mark - Self.firstOwner)
            return kind(of: owner) == .telling ? .object(owner) : .variable(owner)
        }
    }

    private func isRoots(_ node: Int) -> Bool {
        node == HeapGraph.root || graph.type[node] == graph.types.synthetic
    }

    /// - Returns: 0 where the way goes on.
    private mutating func mark(of node: Int, heldBy above: Int) -> UInt32 {
        func mark(_ owner: Int) -> UInt32 { Self.firstOwner + UInt32(truncatingIfNeeded: owner) }
        if isRoots(above) || globals.contains(above) { return mark(node) }
        if graph.tag(ofNode: above) == .functionContext { return nodesOwn.isScope(above) ? Self.nodesMark : mark(node) }
        switch kind(of: above) {
        case .context: return Self.nodesMark
        case .telling: return mark(above)
        case .other: return 0
        }
    }

    /// What holds it: no store of V8's.
    /// - Returns: nil where it lies too deep in stores.
    func holder(of node: Int) -> Int? {
        var above = Int(analysis.tree.dominators[node])
        for _ in 0..<Self.mostStores {
            if above == HeapGraph.root || !analysis.isStore(above) { return above }
            above = Int(analysis.tree.dominators[above])
        }
        return nil
    }

    private mutating func kind(of node: Int) -> Kind {
        let index = analysis.names.ofNode[node]
        if let known = kinds[index] { return known }
        let name = analysis.names.name(of: Int(index))
        let kind: Kind =
            name.hasPrefix("system / NativeContext")
            ? .context
            : LeakSuspect.Pattern.buffers.contains(name) || analysis.isCategory(classIndex: Int(index))
                ? .other : .telling
        kinds[index] = kind
        return kind
    }

    /// Whether people see it as one thing that has others.
    func isContainer(_ node: Int) -> Bool {
        graph.type[node] == graph.types.object && graph.tag(ofNode: node) != .functionContext && !globals.contains(node)
    }
}
