import HeapSnapshot

/// A part of the tree of dominators: who holds how much, as a picture can show it.
public struct TreemapNode: Sendable {
    public let object: HeapObject
    public let children: [TreemapNode]
    /// Small objects of one class, together.
    public let groups: [Group]

    public struct Group: Sendable {
        public let `class`: String
        public let count: UInt64
        /// In bytes.
        public let shallowSize: UInt64
        /// In bytes.
        public let retainedSize: UInt64
    }

    /// Of objects that it holds immediately and that are neither among the children nor in a group.
    public let othersCount: UInt64
    /// In bytes, retained.
    public let othersSize: UInt64
}

extension HeapAnalysis {
    private static let mostNodes = 1500
    private static let mostChildren = 40
    private static let mostDepth = 24
    private static let mostGroups = 12

    /// From the root, the largest objects first, as many as a page can bear.
    public func treemap() -> TreemapNode {
        var children: [Int: [Int]] = [:]
        var count = 1
        // The largest that is not opened yet, again and again: small ones are not worth a box.
        var open = [(node: HeapGraph.root, depth: 0)]
        while count < Self.mostNodes, !open.isEmpty {
            let place = open.indices.max { tree.retainedSizes[open[$0].node] < tree.retainedSizes[open[$1].node] } ?? 0
            let (node, depth) = open.remove(at: place)
            let largest = largestChildren(of: node, count: min(Self.mostChildren, Self.mostNodes - count))
            guard !largest.isEmpty else { continue }
            children[node] = largest
            count += largest.count
            if depth + 1 < Self.mostDepth { open += largest.map { ($0, depth + 1) } }
        }
        return box(HeapGraph.root, children)
    }

    private func box(_ node: Int, _ children: [Int: [Int]]) -> TreemapNode {
        let shown = children[node] ?? []
        let isShown = Set(shown)
        var groups: [UInt32: GroupSum] = [:]
        for child in tree.children(of: node) where !isShown.contains(child) {
            var group = groups[names.ofNode[child]] ?? GroupSum()
            group.count += 1
            group.shallowSize += columns.selfSize(child)
            group.retainedSize += tree.retainedSizes[child]
            groups[names.ofNode[child]] = group
        }
        let sorted = groups.sorted { ($1.value.retainedSize, $0.key) < ($0.value.retainedSize, $1.key) }
        let large = sorted.prefix(Self.mostGroups).prefix { $0.value.retainedSize > leastSize }
        let others = sorted.dropFirst(large.count)
        return TreemapNode(
            object: object(node), children: shown.map { box($0, children) },
            groups: large.map { index, sum in
                .init(
                    class: names.name(of: Int(index)), count: sum.count, shallowSize: sum.shallowSize,
                    retainedSize: sum.retainedSize)
            },
            othersCount: others.reduce(0) { $0 + $1.value.count },
            othersSize: others.reduce(0) { $0 + $1.value.retainedSize })
    }

    /// Of a class: its name is made for the few that are shown.
    private struct GroupSum {
        var count: UInt64 = 0
        var shallowSize: UInt64 = 0
        var retainedSize: UInt64 = 0
    }

    /// In bytes: what is less has no box of its own.
    private var leastSize: UInt64 { statistics.totalSize / 2000 }

    /// The largest first.
    private func largestChildren(of node: Int, count: Int) -> [Int] {
        var largest = LargestNodes(count, from: leastSize + 1, tree.retainedSizes)
        for child in tree.children(of: node) { largest.offer(child) }
        return largest.nodes
    }
}
