import HeapSnapshot

/// Finds whose ArrayBuffers are, in groups: objects of one class, functions of one place, a variable.
struct ArrayBufferSearch {
    private let analysis: HeapAnalysis
    private let graph: HeapGraph
    private let count: UInt64
    private let size: UInt64
    private var walk: OwnerWalk
    private let buffers: BitColumn
    /// By buffer: the number of its group, plus 1; 0 for none yet.
    private let groupOf: SparseColumn
    /// The largest first, once all are known.
    private var groups: [Group] = []
    private var numbers: [Key: Int] = [:]

    private enum Key: Hashable {
        /// By class.
        case objects(UInt32)
        /// By what V8 has of their code.
        case functions(Int)
        /// By what it leads to.
        case variable(Int)
        case node, several, nobody
    }

    private struct Group {
        let key: Key
        var count: UInt64 = 0
        var size: UInt64 = 0
        /// How many own them; counted of objects and of functions alone.
        var ownerCount: UInt64 = 0
        /// One of the owners.
        var example: Int
        /// What holds all of them; nil where several do, or none was looked at.
        var container: Int?

        mutating func add(owner: Int, in container: Int?) {
            ownerCount += 1
            if ownerCount == 1 {
                (example, self.container) = (owner, container)
            } else if self.container != container {
                self.container = nil
            }
        }
    }

    private static let leastShare = 0.1
    private static let leastCount: UInt64 = 10_000
    /// So many functions of one place that each keep some are told together.
    private static let leastFunctions = 10
    private static let bytesOfGroup = 160
    /// Of the largest groups it is told how they are held.
    private static let mostPaths = 100

    /// - Returns: nil where ArrayBuffers are neither many nor much, and where there is no memory.
    init?(_ analysis: HeapAnalysis, _ nodesOwn: NodesOwn, globals: Set<Int>) {
        let graph = analysis.graph
        guard let buffers = BitColumn(count: graph.nodeCount) else { return nil }
        var (count, size) = (UInt64(0), UInt64(0))
        for node in 0..<graph.nodeCount where Self.isBuffer(node, graph) {
            buffers.set(node)
            count += 1
            size.addSaturating(Self.size(of: node, analysis))
        }
        let share = Double(size) / Double(max(analysis.statistics.totalSize, 1))
        guard count > 0, share >= Self.leastShare || count >= Self.leastCount,
            let groupOf = SparseColumn(buffers, nodeCount: graph.nodeCount),
            let walk = OwnerWalk(analysis, nodesOwn, globals: globals)
        else { return nil }
        (self.analysis, self.graph, self.walk) = (analysis, graph, walk)
        (self.count, self.size, self.buffers, self.groupOf) = (count, size, buffers, groupOf)
        guard assign(), countOwners(), joinFunctions() else { return nil }
        groups = groups.filter { $0.count > 0 }.sorted {
            ($1.size, $1.count, $0.example) < ($0.size, $0.count, $1.example)
        }
    }

    private static func isBuffer(_ node: Int, _ graph: HeapGraph) -> Bool {
        graph.type[node] == graph.types.object
            && (graph.tag(ofNode: node) == .arrayBuffer || graph.tag(ofNode: node) == .sharedArrayBuffer)
            // The prototype has the name, and no memory of its own.
            && memory(of: node, graph) != nil
    }

    private static func memory(of buffer: Int, _ graph: HeapGraph) -> Int? {
        for index in graph.edges(of: buffer) where PackedEdge.type(graph.edge[index]) == EdgeType.internal.rawValue {
            let target = PackedEdge.target(graph.edge[index])
            if graph.tag(ofNode: target) == .arrayBufferData { return target }
        }
        return nil
    }

    /// In bytes: of itself and of its memory. Not of what else hangs on it, which may be another buffer.
    private static func size(of buffer: Int, _ analysis: HeapAnalysis) -> UInt64 {
        var size = analysis.columns.selfSize(buffer)
        if let memory = memory(of: buffer, analysis.graph), Int(analysis.tree.dominators[memory]) == buffer {
            size.addSaturating(analysis.columns.selfSize(memory))
        }
        return size
    }

    /// Each buffer with what keeps it: a Buffer, another view, or the owner itself.
    private mutating func forEachKeeper(_ body: (inout ArrayBufferSearch, _ buffer: Int, _ keeper: Int) -> Bool) -> Bool
    {
        for node in 0..<graph.nodeCount where graph.type[node] == graph.types.object {
            for index in graph.edges(of: node)
            where PackedEdge.type(graph.edge[index]) == EdgeType.internal.rawValue
                && graph.tag(ofEdge: index) == .buffer && buffers[PackedEdge.target(graph.edge[index])]
            {
                if !body(&self, PackedEdge.target(graph.edge[index]), node) { return false }
            }
        }
        return true
    }

    /// - Returns: false where there is no memory.
    private mutating func assign() -> Bool {
        guard forEachKeeper({ search, buffer, keeper in search.assign(buffer, from: keeper) }) else { return false }
        var isWhole = true
        buffers.forEach { node in
            if groupOf[node] == 0, !assign(node, from: node) { isWhole = false }
            guard isWhole else { return }
            let number = Int(groupOf[node]) - 1
            groups[number].count += 1
            groups[number].size.addSaturating(Self.size(of: node, analysis))
        }
        return isWhole
    }

    private mutating func assign(_ buffer: Int, from keeper: Int) -> Bool {
        let (key, owner) = key(of: keeper)
        guard let number = number(of: key, owner) else { return false }
        let before = Int(groupOf[buffer]) - 1
        if before < 0 || isWeak(groups[before].key) {
            groupOf[buffer] = UInt32(truncatingIfNeeded: number + 1)
        } else if before != number, !isWeak(key) {
            guard let several = self.number(of: .several, owner) else { return false }
            groupOf[buffer] = UInt32(truncatingIfNeeded: several + 1)
        }
        return true
    }

    private mutating func key(of keeper: Int) -> (Key, Int) {
        switch walk.owner(of: keeper) {
        case .object(let owner): (.objects(analysis.names.ofNode[owner]), owner)
        case .variable(let owner): (.variable(owner), owner)
        case .node: (.node, keeper)
        case .nobody: (.nobody, keeper)
        }
    }

    /// Whether others that keep the buffer say more: Node has a slab of the pool at hand for the next Buffer.
    private func isWeak(_ key: Key) -> Bool { key == .node || key == .nobody }

    /// - Returns: nil where there is no memory.
    private mutating func number(of key: Key, _ owner: Int) -> Int? {
        if let known = numbers[key] { return known }
        guard MemoryGuard.shared.admitsNext(groups.count, of: Self.bytesOfGroup) else { return nil }
        groups.append(Group(key: key, example: owner))
        numbers[key] = groups.count - 1
        return groups.count - 1
    }

    /// Of those that have a buffer which is theirs alone, or their class's.
    private mutating func countOwners() -> Bool {
        guard let counted = BitColumn(count: graph.nodeCount) else { return false }
        func count(_ search: inout ArrayBufferSearch, _ buffer: Int, _ keeper: Int) -> Bool {
            let place = Int(search.groupOf[buffer]) - 1
            let (key, owner) = search.key(of: keeper)
            guard case .objects = key, search.groups[place].key == key, !counted[owner] else { return true }
            counted.set(owner)
            search.groups[place].add(owner: owner, in: search.walk.holder(of: owner))
            return true
        }
        guard forEachKeeper(count) else { return false }
        // Those that no view keeps.
        buffers.forEach { _ = count(&self, $0, $0) }
        return true
    }

    /// What each of many functions of one place keeps in a variable of its own is one group.
    private mutating func joinFunctions() -> Bool {
        var scopes: [Int: [(context: Int, function: Int, group: Int)]] = [:]
        for (place, group) in groups.enumerated() where group.count > 0 {
            guard case .variable(let owner) = group.key, let context = walk.holder(of: owner),
                graph.tag(ofNode: context) == .functionContext
            else { continue }
            let function = Int(analysis.tree.dominators[context])
            guard graph.type[function] == graph.types.closure,
                let code = graph.internalTarget(of: function, where: { $0 == .shared })
            else { continue }
            scopes[code, default: []].append((context, function, place))
        }
        for (code, parts) in scopes where Set(parts.map(\.context)).count >= Self.leastFunctions {
            guard let joined = number(of: .functions(code), parts[0].function) else { return false }
            var last: Int?
            for part in parts.sorted(by: { ($0.context, $0.group) < ($1.context, $1.group) }) {
                groups[joined].count += groups[part.group].count
                groups[joined].size.addSaturating(groups[part.group].size)
                groups[part.group].count = 0
                if part.context != last { groups[joined].add(owner: part.function, in: walk.holder(of: part.function)) }
                last = part.context
            }
        }
        return true
    }

    // MARK: What is told

    /// What paths must lead to.
    var ends: [Int] { groups.prefix(Self.mostPaths).compactMap(end) }

    private func end(_ group: Group) -> Int? {
        switch group.key {
        case .node, .several, .nobody: nil
        case .variable: group.example
        case .objects, .functions: container(of: group) ?? group.example
        }
    }

    private func container(of group: Group) -> Int? {
        guard group.ownerCount > 1, let container = group.container, walk.isContainer(container) else { return nil }
        return container
    }

    /// - Parameter paths: to `ends`.
    func owners(_ paths: [Int: RetainingPath]) -> ArrayBufferOwners {
        ArrayBufferOwners(
            count: count, size: size, share: Double(size) / Double(max(analysis.statistics.totalSize, 1)),
            groups: groups.map { group in
                ArrayBufferOwners.Group(
                    owner: owner(group), ownerCount: group.ownerCount > 0 ? group.ownerCount : nil, count: group.count,
                    size: group.size, path: end(group).flatMap { paths[$0] },
                    isPathOfOne: group.ownerCount > 1 && container(of: group) == nil)
            })
    }

    private func owner(_ group: Group) -> ArrayBufferOwners.Owner {
        switch group.key {
        case .objects(let index): .objects(className: analysis.names.name(of: Int(index)))
        case .functions: .functions
        case .variable: .variable
        case .node: .node
        case .several: .several
        case .nobody: .nobody
        }
    }
}
