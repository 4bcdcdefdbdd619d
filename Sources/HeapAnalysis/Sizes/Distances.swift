import HeapSnapshot

/// How many edges lead from the application's roots to each node, as DevTools counts (`calculateDistances`): nodes that only the
/// root itself reaches are `systemBase` and more away, and those that nothing reaches have `unreachable`.
enum Distances {
    static let unreachable: Int32 = -5
    static let systemBase: Int32 = 100_000_000

    /// - Returns: nil where there is no memory.
    static func measure(_ graph: HeapGraph) -> Column<Int32>? {
        let count = graph.nodeCount
        let rootEdges = graph.edges(of: HeapGraph.root)
        guard let distances = Column<Int32>(count: count, isPopulated: true, isZero: false),
            let queue = Column<UInt32>(count: count + rootEdges.count + 1, isZero: false)
        else { return nil }
        let distance = distances.base
        distance.update(repeating: unreachable, count: count)
        guard let search = BreadthFirstSearch(graph, distance: distance, queue: queue.base) else { return nil }
        var roots = 0
        for index in rootEdges {
            let node = PackedEdge.target(graph.edge[index])
            guard graph.isUserRoot(node) else { continue }
            distance[node] = 1
            queue.base[roots] = UInt32(truncatingIfNeeded: node)
            roots += 1
        }
        search.run(length: roots)
        distance[HeapGraph.root] = roots > 0 ? systemBase : 0
        queue.base[0] = UInt32(HeapGraph.root)
        search.run(length: 1)
        return distances
    }
}

private struct BreadthFirstSearch {
    private let graph: HeapGraph
    private let distance: UnsafeMutablePointer<Int32>
    private let queue: UnsafeMutablePointer<UInt32>
    /// WeakMaps' pairs of which one edge was met, and is the only one so far.
    private let pending: BitColumn

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, distance: UnsafeMutablePointer<Int32>, queue: UnsafeMutablePointer<UInt32>) {
        guard let pending = BitColumn(count: graph.tags.pairs.count) else { return nil }
        self.pending = pending
        self.graph = graph
        self.distance = distance
        self.queue = queue
    }

    /// - Parameter length: of what stands in the queue.
    func run(length: Int) {
        let (edge, type, types) = (graph.edge, graph.type, graph.types)
        let (weak, intern) = (EdgeType.weak.rawValue, EdgeType.internal.rawValue)
        let hasPairs = !graph.tags.pairs.isEmpty
        var end = length
        var index = 0
        while index < end {
            let node = Int(queue[index])
            index &+= 1
            let next = distance[node] &+ 1
            let isContext = type[node] == types.hidden && graph.tag(ofNode: node) == .nativeContext
            let isDescriptors = type[node] == types.array && graph.tag(ofNode: node) == .mapDescriptors
            let isSpecial = isContext || isDescriptors
            for index in graph.edges(of: node) {
                let packed = edge[index]
                let kind = PackedEdge.type(packed)
                if kind == weak { continue }
                let target = PackedEdge.target(packed)
                if distance[target] != Distances.unreachable { continue }
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
    }

    /// Descriptor arrays are shared between maps: what every third element leads to belongs to one of these alone.
    private func isFollowed(fromDescriptors edge: Int, _ kind: UInt32) -> Bool {
        let name = graph.edgeName[edge]
        guard HeapGraph.hasStringName(kind) else { return name < 2 || name % 3 != 1 }
        guard let number = JavaScriptText.parseInt(graph.columns.strings[Int(name)]) else { return true }
        return number < 2 || number.truncatingRemainder(dividingBy: 3) != 1
    }
}
