import HeapSnapshot

/// What would be freed with each node, in bytes: in four of them where the whole heap is less than 4 GiB, and else in eight.
struct RetainedSizes: Sendable {
    private let low: Column<UInt32>
    /// What does not fit in there, in 4 GiB; nil where the whole heap does.
    private let high: Column<UInt32>?

    /// The nodes' own.
    /// - Returns: nil where there is no memory.
    init?(of graph: HeapGraph) {
        let count = graph.nodeCount
        var total: UInt64 = 0
        for node in 0..<count { total.addSaturating(graph.columns.selfSize(node)) }
        guard let low = Column<UInt32>(count: count, isPopulated: true, isZero: false) else { return nil }
        self.low = low
        if total <= UInt32.max {
            high = nil
        } else {
            guard let high = Column<UInt32>(count: count, isPopulated: true, isZero: false) else { return nil }
            self.high = high
        }
        for node in 0..<count { set(graph.columns.selfSize(node), of: node) }
    }

    /// How many nodes there are.
    var count: Int { low.count }

    @inline(__always)
    subscript(node: Int) -> UInt64 {
        let value = UInt64(low.base[node])
        guard let high else { return value }
        return value | UInt64(high.base[node]) &<< 32
    }

    @inline(__always)
    private func set(_ size: UInt64, of node: Int) {
        low.base[node] = UInt32(truncatingIfNeeded: size)
        if let high { high.base[node] = UInt32(truncatingIfNeeded: size &>> 32) }
    }

    /// Adds to what a node holds what another one does.
    @inline(__always)
    func add(_ node: Int, to holder: Int) {
        if high == nil {
            low.base[holder] &+= low.base[node]
        } else {
            set(self[holder] &+ self[node], of: holder)
        }
    }
}
