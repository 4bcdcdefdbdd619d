import HeapSnapshot

/// The few of many nodes that retain most.
struct LargestNodes {
    private let retainedSizes: RetainedSizes
    private let count: Int
    /// The largest first; of equals, the one that was offered first.
    private(set) var nodes: [Int] = []
    /// In bytes: what retains less, or as much where all places are taken, is not among them.
    private(set) var leastSize: UInt64

    /// - Parameter leastSize: in bytes, from which on a node counts at all.
    init(_ count: Int, from leastSize: UInt64, _ retainedSizes: RetainedSizes) {
        self.count = count
        self.leastSize = leastSize
        self.retainedSizes = retainedSizes
    }

    mutating func offer(_ node: Int) {
        let size = retainedSizes[node]
        guard size >= leastSize else { return }
        nodes.insert(node, at: nodes.firstIndex { retainedSizes[$0] < size } ?? nodes.count)
        if nodes.count > count { nodes.removeLast() }
        if nodes.count == count, let last = nodes.last { leastSize = retainedSizes[last] + 1 }
    }
}
