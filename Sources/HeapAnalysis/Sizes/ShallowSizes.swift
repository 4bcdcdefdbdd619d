import HeapSnapshot

/// Moves the sizes of backing stores to the objects that alone own them, as DevTools does (`calculateShallowSizes`): what an array
/// takes is then the array's, not a nameless store's.
enum ShallowSizes {
    private static let unvisited: UInt32 = .max
    private static let shared: UInt32 = .max - 1

    /// - Returns: false where there is no memory.
    static func assign(_ graph: HeapGraph) -> Bool {
        // Without roots of the application's, the snapshot was taken to show V8's own objects.
        let hasUserRoots = graph.edges(of: HeapGraph.root).contains {
            graph.isUserRoot(PackedEdge.target(graph.edge[$0]))
        }
        guard hasUserRoots else { return true }
        let count = graph.nodeCount
        guard let owners = Column<UInt32>(count: count, isPopulated: true, isZero: false),
            let stack = Column<UInt32>(count: 1 << 16, isZero: false)
        else {
            return false
        }
        // Its memory is another column's as soon as nothing refers to it, whatever pointers are left.
        defer { withExtendedLifetime(owners) {} }
        let (type, edge, owner) = (graph.type, graph.edge, owners.base)
        let (hidden, array, native, weak) = (
            graph.types.hidden, graph.types.array, graph.types.native, EdgeType.weak.rawValue
        )
        for node in 0..<count {
            let kind = type[node]
            let isStore =
                kind == hidden || kind == array || (kind == native && graph.tag(ofNode: node) == .externalStringData)
            owner[node] = isStore ? unvisited : UInt32(truncatingIfNeeded: node)
        }
        var top = 0
        var (work, room) = (stack.base, stack.count)
        // The order does not matter for what comes out: each owner in turn keeps the list of work short.
        for start in stride(from: count - 1, through: 0, by: -1) where owner[start] == UInt32(truncatingIfNeeded: start)
        {
            var node = start
            while true {
                let mine = owner[node]
                for index in graph.edges(of: node) {
                    let packed = edge[index]
                    if PackedEdge.type(packed) == weak { continue }
                    let target = PackedEdge.target(packed)
                    let theirs = owner[target]
                    if theirs == UInt32(truncatingIfNeeded: target) || theirs == mine || theirs == shared { continue }
                    owner[target] = theirs == unvisited ? mine : shared
                    if top == room {
                        guard stack.resize(to: room * 2) else { return false }
                        (work, room) = (stack.base, stack.count)
                    }
                    work[top] = UInt32(truncatingIfNeeded: target)
                    top &+= 1
                }
                guard top > 0 else { break }
                top &-= 1
                node = Int(work[top])
            }
        }
        let synthetic = graph.types.synthetic
        for node in 0..<count {
            let mine = owner[node]
            if mine >= shared || mine == UInt32(truncatingIfNeeded: node) { continue }
            let holder = Int(mine)
            if type[holder] == synthetic || holder == HeapGraph.root { continue }
            let size = graph.columns.selfSize(node)
            if size == 0 { continue }
            graph.columns.selfSizes.set(0, of: node)
            graph.columns.selfSizes.set(graph.columns.selfSize(holder) &+ size, of: holder)
        }
        return true
    }
}
