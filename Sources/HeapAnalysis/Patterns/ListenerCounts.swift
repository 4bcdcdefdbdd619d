import HeapSnapshot

/// Counts the functions that each emitter calls for each event.
struct ListenerCounts {
    struct Group {
        /// A string of the document; nil where the heap does not tell it, as with an EventTarget's.
        let event: UInt32?
        /// The EventEmitter, or the first of an EventTarget's listeners.
        let holder: Int
        /// An EventEmitter's array of listeners, or the first of an EventTarget's.
        let first: Int
        let count: UInt64
    }

    /// Those with several listeners.
    private(set) var found: [Group] = []
    private let graph: HeapGraph
    /// Arrays and listeners that were counted: a file may have several emitters share them.
    private let seen: BitColumn

    private static let least: UInt64 = 100

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph) {
        guard let seen = BitColumn(count: graph.nodeCount) else { return nil }
        (self.graph, self.seen) = (graph, seen)
    }

    /// - Parameter node: an object, which may be an EventEmitter.
    @inline(__always)
    mutating func note(_ node: Int) {
        for index in graph.edges(of: node)
        where PackedEdge.type(graph.edge[index]) == EdgeType.property.rawValue && graph.tag(ofEdge: index) == .events {
            note(emitter: node, PackedEdge.target(graph.edge[index]))
        }
    }

    private mutating func note(emitter: Int, _ events: Int) {
        guard graph.type[events] == graph.types.object, !seen[events] else { return }
        seen.set(events)
        for index in graph.edges(of: events)
        where PackedEdge.type(graph.edge[index]) == EdgeType.property.rawValue {
            let array = PackedEdge.target(graph.edge[index])
            guard graph.type[array] == graph.types.object, graph.tag(ofNode: array) == .array, !seen[array] else {
                continue
            }
            seen.set(array)
            let count = UInt64(graph.edges(of: array).count(where: isListener))
            guard count >= Self.least, MemoryGuard.shared.admitsNext(found.count, of: MemoryLayout<Group>.stride) else {
                continue
            }
            found.append(Group(event: graph.edgeName[index], holder: emitter, first: array, count: count))
        }
    }

    private func isListener(_ edge: Int) -> Bool {
        PackedEdge.type(graph.edge[edge]) == EdgeType.element.rawValue
            && graph.type[PackedEdge.target(graph.edge[edge])] == graph.types.closure
    }

    /// An EventTarget's listeners are a list, whose first one follows what is no listener.
    mutating func note(listener node: Int) {
        guard let before = property(.previous, of: node), graph.tag(ofNode: before) != .listener else { return }
        var count: UInt64 = 0
        var next: Int? = node
        while let listener = next, graph.tag(ofNode: listener) == .listener, !seen[listener] {
            seen.set(listener)
            count += 1
            next = property(.next, of: listener)
        }
        guard count >= Self.least, MemoryGuard.shared.admitsNext(found.count, of: MemoryLayout<Group>.stride) else {
            return
        }
        found.append(Group(event: nil, holder: node, first: node, count: count))
    }

    private func property(_ tag: TextTag, of node: Int) -> Int? {
        for index in graph.edges(of: node)
        where PackedEdge.type(graph.edge[index]) == EdgeType.property.rawValue && graph.tag(ofEdge: index) == tag {
            return PackedEdge.target(graph.edge[index])
        }
        return nil
    }

    /// Some of a group's functions, or what leads to them.
    func listeners(of group: Group, most: Int) -> [Int] {
        var listeners: [Int] = []
        if group.event != nil {
            for index in graph.edges(of: group.first) where listeners.count < most && isListener(index) {
                listeners.append(PackedEdge.target(graph.edge[index]))
            }
            return listeners
        }
        var next: Int? = group.first
        while let listener = next, UInt64(listeners.count) < min(UInt64(most), group.count) {
            listeners.append(listener)
            next = property(.next, of: listener)
        }
        return listeners
    }
}
