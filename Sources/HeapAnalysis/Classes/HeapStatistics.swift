import HeapSnapshot

/// What the heap is made of, in bytes, as DevTools' statistics show it.
public struct HeapStatistics: Encodable, Sendable, Equatable {
    public var totalSize: UInt64 = 0
    public var v8HeapSize: UInt64 = 0
    /// Of memory outside V8's heap.
    public var nativeSize: UInt64 = 0
    public var codeSize: UInt64 = 0
    public var stringsSize: UInt64 = 0
    public var jsArraysSize: UInt64 = 0
    public var typedArraysSize: UInt64 = 0
    public var systemSize: UInt64 = 0
    /// 0 where the others are more: an array's store may be of any type, and count twice.
    public var otherJSObjectsSize: UInt64 = 0
    public var otherNativeSize: UInt64 = 0
}

extension HeapStatistics {
    /// All but the sizes of the whole and of what is left of it.
    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph) {
        guard let stores = BitColumn(count: graph.nodeCount) else { return nil }
        defer { withExtendedLifetime(stores) {} }
        let types = graph.types
        var hasStores = false
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
                guard graph.tag(ofNode: node) == .array else { continue }
                jsArraysSize &+= size
                if let store = graph.internalTarget(of: node, where: { $0 == .elements }) {
                    stores.set(store)
                    hasStores = true
                }
            }
        }
        guard hasStores else { return }
        guard let size = Self.sizeOfOwn(stores, graph) else { return nil }
        jsArraysSize &+= size
    }

    /// In bytes, of those backing stores that nothing but their array refers to.
    /// - Returns: nil where there is no memory.
    private static func sizeOfOwn(_ stores: BitColumn, _ graph: HeapGraph) -> UInt64? {
        guard let once = BitColumn(count: graph.nodeCount), let more = BitColumn(count: graph.nodeCount) else {
            return nil
        }
        defer { withExtendedLifetime((once, more)) {} }
        for index in 0..<graph.edgeCount {
            let target = PackedEdge.target(graph.edge[index])
            guard stores[target] else { continue }
            if once[target] { more.set(target) } else { once.set(target) }
        }
        var size: UInt64 = 0
        stores.forEach { store in
            if !more[store] { size &+= graph.columns.selfSize(store) }
        }
        return size
    }

    func with(totalSize: UInt64) -> HeapStatistics {
        var statistics = self
        statistics.totalSize = totalSize
        statistics.v8HeapSize = totalSize &- nativeSize
        let known = codeSize + stringsSize + jsArraysSize + systemSize
        statistics.otherJSObjectsSize = statistics.v8HeapSize - min(statistics.v8HeapSize, known)
        statistics.otherNativeSize = nativeSize - min(nativeSize, typedArraysSize)
        return statistics
    }
}
