import HeapSnapshot

/// How many edges lead from the application's roots to each node, as DevTools counts (`calculateDistances`): nodes that only the
/// root itself reaches are `systemBase` and more away, and those that nothing reaches have `unreachable`.
///
/// Two bytes a node, but for heaps with a list of more than 32,000 in which only each one leads to the next.
struct Distances: Sendable {
    static let unreachable: Int32 = -5
    static let systemBase: Int32 = 100_000_000

    private let narrow: Column<UInt16>?
    private let wide: Column<Int32>?
    private static let narrowScale = DistanceScale<UInt16>(
        unreachable: .max, systemBase: 1 << 15, ends: (1 << 15, .max))
    private static let wideScale = DistanceScale<Int32>(
        unreachable: unreachable, systemBase: systemBase, ends: (.max, .max))

    /// - Parameter starts: what to count from instead of the application's roots; nil for these.
    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, from starts: [Int]? = nil) {
        let queueLength = graph.nodeCount + graph.edges(of: HeapGraph.root).count + 1
        guard let narrow = Column<UInt16>(count: graph.nodeCount, isPopulated: true, isZero: false),
            let queue = Column<UInt32>(count: queueLength, isZero: false),
            let search = BreadthFirstSearch(graph, narrow, Self.narrowScale, queue.base)
        else { return nil }
        defer { withExtendedLifetime(queue) {} }
        if search.run(from: starts) {
            self.narrow = narrow
            wide = nil
            return
        }
        guard let wide = Column<Int32>(count: graph.nodeCount, isPopulated: true, isZero: false),
            let search = BreadthFirstSearch(graph, wide, Self.wideScale, queue.base)
        else { return nil }
        _ = search.run(from: starts)
        self.narrow = nil
        self.wide = wide
    }

    /// How many nodes there are.
    var count: Int { narrow?.count ?? wide?.count ?? 0 }

    @inline(__always)
    subscript(node: Int) -> Int32 {
        guard let narrow else { return wide?.base[node] ?? Self.unreachable }
        let (value, scale) = (narrow.base[node], Self.narrowScale)
        if value < scale.systemBase { return Int32(value) }
        return value == scale.unreachable ? Self.unreachable : Int32(value &- scale.systemBase) &+ Self.systemBase
    }
}

/// How distances are written.
private struct DistanceScale<Level: FixedWidthInteger & BitwiseCopyable & Sendable>: Sendable {
    let unreachable: Level
    let systemBase: Level
    /// What cannot be written, from the application's roots on and from the root itself.
    let ends: (Level, Level)
}

private struct BreadthFirstSearch<Level: FixedWidthInteger & BitwiseCopyable & Sendable> {
    private let graph: HeapGraph
    private let scale: DistanceScale<Level>
    private let distance: UnsafeMutablePointer<Level>
    private let queue: UnsafeMutablePointer<UInt32>
    /// WeakMaps' pairs of which one edge was met, and is the only one so far.
    private let pending: BitColumn

    /// - Parameter queue: has room for all nodes, and for each edge of the root.
    /// - Returns: nil where there is no memory.
    init?(
        _ graph: HeapGraph, _ distances: Column<Level>, _ scale: DistanceScale<Level>,
        _ queue: UnsafeMutablePointer<UInt32>
    ) {
        guard let pending = BitColumn(count: graph.tags.pairs.count) else { return nil }
        self.pending = pending
        self.graph = graph
        self.scale = scale
        self.queue = queue
        distance = distances.base
        distance.update(repeating: scale.unreachable, count: graph.nodeCount)
    }

    /// - Returns: false where a distance is beyond what can be written.
    func run(from starts: [Int]?) -> Bool {
        var roots = 0
        let targets = graph.edges(of: HeapGraph.root).lazy.map { PackedEdge.target(graph.edge[$0]) }
        for node in starts ?? targets.filter(graph.isUserRoot) {
            distance[node] = 1
            queue[roots] = UInt32(truncatingIfNeeded: node)
            roots += 1
        }
        guard run(length: roots) else { return false }
        distance[HeapGraph.root] = roots > 0 ? scale.systemBase : 0
        queue[0] = UInt32(HeapGraph.root)
        return run(length: 1)
    }

    /// - Parameter length: of what stands in the queue.
    private func run(length: Int) -> Bool {
        let (edge, type, types) = (graph.edge, graph.type, graph.types)
        let (weak, intern) = (EdgeType.weak.rawValue, EdgeType.internal.rawValue)
        let hasPairs = !graph.tags.pairs.isEmpty
        let unreachable = scale.unreachable
        var end = length
        var index = 0
        while index < end {
            let node = Int(queue[index])
            index &+= 1
            let next = distance[node] &+ 1
            if next == scale.ends.0 || next == scale.ends.1 { return false }
            let isContext = type[node] == types.hidden && graph.tag(ofNode: node) == .nativeContext
            let isDescriptors = type[node] == types.array && graph.tag(ofNode: node) == .mapDescriptors
            let isSpecial = isContext || isDescriptors
            for index in graph.edges(of: node) {
                let packed = edge[index]
                let kind = PackedEdge.type(packed)
                if kind == weak { continue }
                let target = PackedEdge.target(packed)
                if distance[target] != unreachable { continue }
                if isSpecial {
                    if isDescriptors {
                        guard isFollowed(fromDescriptors: index, kind) else { continue }
                    } else if HeapGraph.hasStringName(kind), graph.tag(ofEdge: index) == .sloppyFunctionMap {
                        continue
                    }
                }
                // The greater of the distances from table and key counts: it is the second edge that is met.
                if kind == intern, hasPairs, !isDescriptors, graph.tag(ofEdge: index) == .weakMapPair,
                    let pair = graph.tags.pairs[graph.edgeName[index]]
                {
                    let isFirst = !pending[pair.number]
                    if isFirst { pending.set(pair.number) } else { pending.clear(pair.number) }
                    if isFirst { continue }
                }
                distance[target] = next
                queue[end] = UInt32(truncatingIfNeeded: target)
                end &+= 1
            }
        }
        return true
    }

    /// Descriptor arrays are shared between maps: what every third element leads to belongs to one of these alone.
    private func isFollowed(fromDescriptors edge: Int, _ kind: UInt32) -> Bool {
        let name = graph.edgeName[edge]
        guard HeapGraph.hasStringName(kind) else { return name < 2 || name % 3 != 1 }
        guard let number = JavaScriptText.parseInt(graph.columns.strings[Int(name)]) else { return true }
        return number < 2 || number.truncatingRemainder(dividingBy: 3) != 1
    }
}
