import HeapSnapshot

/// Finds whose ArrayBuffers are: up the tree of dominators from what keeps each, to an object of a class that people know.
struct ArrayBufferSearch {
    private let analysis: HeapAnalysis
    private let graph: HeapGraph
    private let nodesOwn: NodesOwn
    private let globals: Set<Int>
    private let count: UInt64
    private let size: UInt64
    private let share: Double
    /// By buffer: the number of its group, plus 1; 0 for none yet.
    private let groupOf: SparseColumn
    private let buffers: BitColumn
    /// Owners that have been counted.
    private let counted: BitColumn
    private var groups: [Group] = []
    private var numbers: [Key: UInt32] = [:]
    /// Whether a class says whose an object is.
    private var isTelling: [UInt32: Bool] = [:]

    private enum Key: Hashable {
        case objects(UInt32), variable(Int), node, several, nobody
    }

    private struct Group {
        let key: Key
        var ownerCount: UInt64 = 0
        var count: UInt64 = 0
        var size: UInt64 = 0
        /// One of the owners.
        var example: Int
        /// What holds all of them; nil where several do.
        var container: Int?
    }

    private static let leastShare = 0.1
    private static let leastCount: UInt64 = 10_000
    /// From a buffer to its owner. A list is no owner, however long it is.
    private static let mostSteps = 64

    /// - Returns: nil where ArrayBuffers are neither many nor much, and where there is no memory.
    init?(_ analysis: HeapAnalysis, _ nodesOwn: NodesOwn, globals: Set<Int>) {
        let graph = analysis.graph
        guard let buffers = BitColumn(count: graph.nodeCount) else { return nil }
        var (count, size) = (UInt64(0), UInt64(0))
        for node in 0..<graph.nodeCount where Self.isBuffer(node, graph) {
            buffers.set(node)
            count += 1
            size.addSaturating(analysis.tree.retainedSizes[node])
        }
        share = Double(size) / Double(max(analysis.statistics.totalSize, 1))
        guard count > 0, share >= Self.leastShare || count >= Self.leastCount,
            let groupOf = SparseColumn(buffers, nodeCount: graph.nodeCount),
            let counted = BitColumn(count: graph.nodeCount)
        else { return nil }
        (self.analysis, self.graph, self.nodesOwn, self.globals) = (analysis, graph, nodesOwn, globals)
        (self.count, self.size) = (count, size)
        (self.groupOf, self.buffers, self.counted) = (groupOf, buffers, counted)
        assign()
    }

    private static func isBuffer(_ node: Int, _ graph: HeapGraph) -> Bool {
        graph.type[node] == graph.types.object
            && (graph.tag(ofNode: node) == .arrayBuffer || graph.tag(ofNode: node) == .sharedArrayBuffer)
            // The prototype has the name, and no memory of its own.
            && graph.edges(of: node).contains {
                PackedEdge.type(graph.edge[$0]) == EdgeType.internal.rawValue
                    && graph.tag(ofNode: PackedEdge.target(graph.edge[$0])) == .arrayBufferData
            }
    }

    private mutating func assign() {
        // What keeps a buffer is a Buffer, another view, or the owner itself.
        for node in 0..<graph.nodeCount where graph.type[node] == graph.types.object {
            for index in graph.edges(of: node)
            where PackedEdge.type(graph.edge[index]) == EdgeType.internal.rawValue
                && graph.tag(ofEdge: index) == .buffer && buffers[PackedEdge.target(graph.edge[index])]
            {
                assign(PackedEdge.target(graph.edge[index]), from: node)
            }
        }
        buffers.forEach { node in
            if groupOf[node] == 0 { assign(node, from: node) }
            let number = Int(groupOf[node]) - 1
            groups[number].count += 1
            groups[number].size.addSaturating(analysis.tree.retainedSizes[node])
        }
    }

    private mutating func assign(_ buffer: Int, from node: Int) {
        let (key, owner) = owner(of: node)
        let number = number(of: key, owner)
        let before = groupOf[buffer]
        if before == 0 || isWeak(groups[Int(before) - 1].key) {
            groupOf[buffer] = number + 1
        } else if before != number + 1, !isWeak(key) {
            groupOf[buffer] = self.number(of: .several, owner) + 1
        }
        guard !counted[owner] else { return }
        counted.set(owner)
        let place = Int(number)
        groups[place].ownerCount += 1
        if groups[place].container != container(of: owner) { groups[place].container = nil }
    }

    /// Whether others that keep the buffer say more: Node has a slab of the pool at hand for the next Buffer.
    private func isWeak(_ key: Key) -> Bool { key == .node || key == .nobody }

    private mutating func number(of key: Key, _ owner: Int) -> UInt32 {
        if let known = numbers[key] { return known }
        let number = UInt32(groups.count)
        groups.append(Group(key: key, example: owner, container: container(of: owner)))
        numbers[key] = number
        return number
    }

    private func container(of owner: Int) -> Int {
        var node = holder(of: owner)
        while node != HeapGraph.root, analysis.isStore(node) { node = holder(of: node) }
        return node
    }

    private func holder(of node: Int) -> Int { Int(analysis.tree.dominators[node]) }

    private mutating func owner(of start: Int) -> (Key, Int) {
        var (below, node) = (start, holder(of: start))
        for _ in 0..<Self.mostSteps {
            if node == HeapGraph.root || graph.type[node] == graph.types.synthetic || globals.contains(node) {
                // What hangs on the global object is its property; else several hold it.
                let isNamed = below != start || globals.contains(node)
                return isNamed ? (.variable(below), below) : (.nobody, below)
            }
            if graph.tag(ofNode: node) == .functionContext {
                return nodesOwn.isScope(node) ? (.node, below) : (.variable(below), below)
            }
            if !analysis.isStore(node) {
                let index = analysis.names.ofNode[node]
                if tells(index) { return (.objects(index), node) }
                below = node
            }
            node = holder(of: node)
        }
        return (.variable(below), below)
    }

    private mutating func tells(_ index: UInt32) -> Bool {
        if let known = isTelling[index] { return known }
        let name = analysis.names.name(of: Int(index))
        let isView = LeakSuspect.Pattern.buffers.contains(name)
        let tells = !isView && !analysis.isCategory(classIndex: Int(index))
        isTelling[index] = tells
        return tells
    }

    // MARK: What is told

    /// What paths must lead to.
    var ends: [Int] { groups.compactMap(end) }

    private func end(_ group: Group) -> Int? {
        switch group.key {
        case .node, .several, .nobody: nil
        case .variable: group.example
        case .objects: hasContainer(group) ? group.container : group.example
        }
    }

    private func hasContainer(_ group: Group) -> Bool {
        guard group.ownerCount > 1, let container = group.container else { return false }
        return graph.type[container] == graph.types.object && graph.tag(ofNode: container) != .functionContext
            && !globals.contains(container)
    }

    /// - Parameter paths: to `ends`.
    func owners(_ paths: [Int: RetainingPath]) -> ArrayBufferOwners {
        let told = groups.filter { $0.count > 0 }.sorted {
            ($1.size, $1.count, $0.example) < ($0.size, $0.count, $1.example)
        }
        return ArrayBufferOwners(
            count: count, size: size, share: share,
            groups: told.map { group in
                let owner: ArrayBufferOwners.Owner =
                    switch group.key {
                    case .objects(let index): .objects(className: analysis.names.name(of: Int(index)))
                    case .variable: .variable
                    case .node: .node
                    case .several: .several
                    case .nobody: .nobody
                    }
                return .init(
                    owner: owner, ownerCount: group.ownerCount, count: group.count, size: group.size,
                    path: end(group).flatMap { paths[$0] },
                    isPathOfOne: group.ownerCount > 1 && !hasContainer(group))
            })
    }
}
