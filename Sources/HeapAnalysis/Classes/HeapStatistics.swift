import HeapSnapshot

/// What the heap is made of, in bytes, as DevTools' statistics show it.
public struct HeapStatistics: Sendable, Equatable {
    public var totalSize: UInt64 = 0
    public var v8HeapSize: UInt64 = 0
    /// Of memory outside V8's heap.
    public var nativeSize: UInt64 = 0
    public var codeSize: UInt64 = 0
    public var stringsSize: UInt64 = 0
    public var jsArraysSize: UInt64 = 0
    public var typedArraysSize: UInt64 = 0
    public var systemSize: UInt64 = 0

    public var otherJSObjectsSize: UInt64 { v8HeapSize &- codeSize &- stringsSize &- jsArraysSize &- systemSize }
    public var otherNativeSize: UInt64 { nativeSize &- typedArraysSize }

    /// All but the sizes of the whole.
    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph) {
        let types = graph.types
        guard let storeOwners = Self.onlyStores(graph) else { return nil }
        nativeSize = graph.columns.extraNativeBytes
        for node in 0..<graph.nodeCount {
            let size = graph.columns.selfSize(node)
            switch graph.type[node] {
            case types.hidden: systemSize &+= size
            case types.native:
                nativeSize &+= size
                if graph.tag(ofNode: node) == .arrayBufferData { typedArraysSize &+= size }
            case types.code: codeSize &+= size
            case types.consString, types.slicedString, types.string: stringsSize &+= size
            default:
                if graph.tag(ofNode: node) == .array { jsArraysSize &+= size &+ storeOwners.size(of: node) }
            }
        }
    }

    func with(totalSize: UInt64) -> HeapStatistics {
        var statistics = self
        statistics.totalSize = totalSize
        statistics.v8HeapSize = totalSize &- nativeSize
        return statistics
    }

    /// The backing stores of arrays that nothing else refers to.
    private struct Stores {
        let graph: HeapGraph
        let counts: Column<UInt8>

        func size(of array: Int) -> UInt64 {
            guard let store = HeapStatistics.store(graph, array), counts.base[store] == Stores.candidate + 1 else {
                return 0
            }
            return graph.columns.selfSize(store)
        }

        /// Marks what is counted.
        static let candidate: UInt8 = 1
        static let many: UInt8 = 3
    }

    private static func store(_ graph: HeapGraph, _ array: Int) -> Int? {
        graph.internalTarget(of: array) { $0 == .elements }
    }

    private static func onlyStores(_ graph: HeapGraph) -> Stores? {
        guard let counts = Column<UInt8>(count: graph.nodeCount) else { return nil }
        let (type, types, count) = (graph.type, graph.types, counts.base)
        var hasCandidates = false
        for node in 0..<graph.nodeCount where graph.tag(ofNode: node) == .array {
            let kind = type[node]
            if kind == types.hidden || kind == types.native || kind == types.code || kind == types.consString
                || kind == types.slicedString || kind == types.string
            {
                continue
            }
            if let store = store(graph, node) {
                count[store] = Stores.candidate
                hasCandidates = true
            }
        }
        if hasCandidates {
            for index in 0..<graph.edgeCount {
                let target = PackedEdge.target(graph.edge[index])
                let known = count[target]
                if known != 0, known < Stores.many { count[target] = known &+ 1 }
            }
        }
        return Stores(graph: graph, counts: counts)
    }
}
