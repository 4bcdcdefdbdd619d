import HeapSnapshot

/// Which native nodes are detached from their document: V8 marks some, and the state spreads from native node to native node
/// (`HeapSnapshot.ts`, `propagateDOMState`). Detached ones are named so.
struct DetachedState {
    static let attached: UInt8 = 1
    static let detached: UInt8 = 2

    /// The nodes whose names get the prefix "Detached ", in the order in which the state came to them.
    private(set) var renamed: [Int] = []
    /// The native nodes that DevTools marks as detached (`markDetachedDOMTreeNodes`).
    private(set) var marked: [Int] = []
    /// As `renamed`; nil where there are none.
    private var areRenamed: BitColumn?

    func isRenamed(_ node: Int) -> Bool { areRenamed?[node] ?? false }

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph) {
        guard graph.columns.hasDetachedness else {
            marked = Self.marked(byName: graph)
            return
        }
        guard !graph.columns.detachedness.isEmpty else { return }
        guard let states = Column<UInt8>(count: graph.nodeCount), let visited = BitColumn(count: graph.nodeCount),
            let areRenamed = BitColumn(count: graph.nodeCount)
        else { return nil }
        self.areRenamed = areRenamed
        var attachedNodes: [Int] = []
        var detachedNodes: [Int] = []
        for (node, state) in graph.columns.detachedness { states[node] = state }
        var hasMemory = true
        func process(_ node: Int, _ state: UInt8) {
            guard !visited[node], hasMemory else { return }
            hasMemory =
                MemoryGuard.shared.admitsNext(attachedNodes.count, of: 8)
                && MemoryGuard.shared.admitsNext(renamed.count, of: 32)
            visited.set(node)
            guard graph.type[node] == graph.types.native else { return }
            states[node] = state
            if state == Self.attached { attachedNodes.append(node) }
            if state == Self.detached {
                renamed.append(node)
                areRenamed.set(node)
                detachedNodes.append(node)
            }
        }
        func spread(_ node: Int, _ state: UInt8) {
            for index in graph.edges(of: node) {
                let type = PackedEdge.type(graph.edge[index])
                if type == EdgeType.hidden.rawValue || type == EdgeType.weak.rawValue { continue }
                process(PackedEdge.target(graph.edge[index]), state)
            }
        }
        for (node, state) in graph.columns.detachedness { process(node, state) }
        while let node = attachedNodes.popLast() { spread(node, Self.attached) }
        while let node = detachedNodes.popLast() {
            if states[node] != Self.attached { spread(node, Self.detached) }
        }
        guard hasMemory else { return nil }
        marked = (0..<graph.nodeCount).filter {
            states[$0] == Self.detached && graph.type[$0] == graph.types.native
        }
    }

    private static func marked(byName graph: HeapGraph) -> [Int] {
        (0..<graph.nodeCount).filter { node in
            graph.type[node] == graph.types.native
                && graph.columns.strings[Int(graph.name[node])].starts(with: "Detached ".utf8)
        }
    }
}
