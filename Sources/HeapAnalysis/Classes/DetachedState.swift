import HeapSnapshot

/// Which native nodes are detached from their document: V8 marks some, and the state spreads from native node to native node
/// (`HeapSnapshot.ts`, `propagateDOMState`). Detached ones are named so.
struct DetachedState {
    static let attached: UInt8 = 1
    static let detached: UInt8 = 2

    /// The nodes whose names get the prefix "Detached ".
    let renamed: [Int]
    /// The native nodes that DevTools marks as detached (`markDetachedDOMTreeNodes`).
    let marked: Set<Int>

    init(_ graph: HeapGraph) {
        let marks = graph.columns.detachedness
        guard graph.columns.hasDetachedness else {
            renamed = []
            marked = Self.marked(byName: graph)
            return
        }
        var states: [Int: UInt8] = [:]
        var visited: Set<Int> = []
        var attachedNodes: [Int] = []
        var detachedNodes: [Int] = []
        var renamed: [Int] = []
        for (node, state) in marks { states[node] = state }
        func process(_ node: Int, _ state: UInt8) {
            guard visited.insert(node).inserted, graph.type[node] == graph.types.native else { return }
            states[node] = state
            if state == Self.attached { attachedNodes.append(node) }
            if state == Self.detached {
                renamed.append(node)
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
        for (node, state) in marks { process(node, state) }
        while let node = attachedNodes.popLast() { spread(node, Self.attached) }
        while let node = detachedNodes.popLast() {
            if states[node] != Self.attached { spread(node, Self.detached) }
        }
        self.renamed = renamed
        marked = Set(states.filter { $0.value == Self.detached && graph.type[$0.key] == graph.types.native }.keys)
    }

    private static func marked(byName graph: HeapGraph) -> Set<Int> {
        var isDetached: [UInt32: Bool] = [:]
        var nodes: Set<Int> = []
        for node in 0..<graph.nodeCount where graph.type[node] == graph.types.native {
            let name = graph.name[node]
            let matches =
                isDetached[name] ?? graph.columns.strings[Int(name)].starts(with: "Detached ".utf8)
            isDetached[name] = matches
            if matches { nodes.insert(node) }
        }
        return nodes
    }
}
