import HeapSnapshot

/// The nodes that lead to each node by essential edges, all as numbers of the spanning tree.
///
/// Only of nodes that have several: another's is its parent in the tree. The lists stand one after the other from the last node's
/// to the first's: so they are read. The last entry of each bears a mark, which takes less memory than where each begins.
struct Predecessors {
    let lists: Column<UInt32>
    /// By number.
    let haveSeveral: BitColumn

    /// Above the 29 bits of a node.
    static let lastMark: UInt32 = 1 << 31

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, _ essential: BitColumn, _ vertices: Column<UInt32>, _ numbers: Column<UInt32>?) {
        let count = graph.nodeCount
        guard let numbers, let slots = Column<UInt32>(count: count + 2), let haveSeveral = BitColumn(count: count + 1)
        else { return nil }
        let (first, edge, words) = (graph.first, graph.edge, essential.pointer)
        let (number, vertex, slot) = (numbers.base, vertices.base, slots.base)
        for index in 0..<graph.edgeCount
        where (words[index &>> 6] &>> UInt64(truncatingIfNeeded: index & 63)) & 1 != 0 {
            slot[Int(number[PackedEdge.target(edge[index])])] &+= 1
        }
        var total = 0
        var node = count
        while node >= 2 {
            let length = slot[node]
            if length >= 2 {
                haveSeveral.set(node)
                slot[node] = UInt32(truncatingIfNeeded: total)
                total &+= Int(length)
            }
            node &-= 1
        }
        guard total < Int(UInt32.max), let lists = Column<UInt32>(count: total + 1) else { return nil }
        let list = lists.base
        var source = 1
        while source <= count {
            let node = Int(vertex[source])
            var index = Int(first[node])
            let end = Int(first[node &+ 1])
            while index < end {
                if (words[index &>> 6] &>> UInt64(truncatingIfNeeded: index & 63)) & 1 != 0 {
                    let target = Int(number[PackedEdge.target(edge[index])])
                    if haveSeveral[target] {
                        let place = slot[target]
                        list[Int(place)] = UInt32(truncatingIfNeeded: source)
                        slot[target] = place &+ 1
                    }
                }
                index &+= 1
            }
            source &+= 1
        }
        // Each slot is now where its list ends.
        node = 2
        while node <= count {
            if haveSeveral[node] { list[Int(slot[node]) &- 1] |= Self.lastMark }
            node &+= 1
        }
        self.lists = lists
        self.haveSeveral = haveSeveral
    }
}
