import HeapSnapshot

/// The nodes that lead to each node by essential edges other than the spanning tree's, all as numbers of that tree.
///
/// The lists stand one after the other from the last node's to the first's: so they are read. The last entry of each bears a mark,
/// which takes less memory than where each begins.
struct Predecessors {
    let lists: Column<UInt32>
    /// Which nodes have a list, by number.
    let haveLists: BitColumn

    /// Above the 29 bits of a node.
    static let lastMark: UInt32 = 1 << 31

    /// - Parameters:
    ///   - slots: how many essential edges lead to each node; used up.
    ///   - spanning: of which each node has one edge, but those that hang on the root because nothing leads to them.
    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, _ essential: EssentialEdges, slots: Column<UInt32>, _ spanning: SpanningTree) {
        let count = graph.nodeCount
        guard let haveLists = BitColumn(count: count + 1), let treeEdges = spanning.takeEdges() else { return nil }
        defer { withExtendedLifetime((essential, slots, treeEdges)) {} }
        let (first, edge, words) = (graph.first, graph.edge, essential.marks.pointer)
        let (vertex, slot, treeWords) = (spanning.vertices.base, slots.base, treeEdges.pointer)
        var total = 0
        var place = count
        while place >= 1 {
            let node = Int(vertex[place])
            let ofTree: UInt32 = place <= Int(spanning.reached) ? 1 : 0
            let length = slot[node] > ofTree ? slot[node] &- ofTree : 0
            if length > 0, place >= 2 {
                haveLists.set(place)
                slot[node] = UInt32(truncatingIfNeeded: total)
                total &+= Int(length)
            } else {
                slot[node] = Self.noList
            }
            place &-= 1
        }
        guard total < Int(Self.noList), let lists = Column<UInt32>(count: total + 1, isPopulated: true, isZero: false)
        else {
            return nil
        }
        let list = lists.base
        // In the order of the numbers: what is read one after the other then has been near to each other in the search.
        var source = 1
        while source <= count {
            let node = Int(vertex[source])
            var index = Int(first[node])
            let end = Int(first[node &+ 1])
            while index < end {
                let others = words[index &>> 6] & ~treeWords[index &>> 6]
                if (others &>> UInt64(truncatingIfNeeded: index & 63)) & 1 != 0 {
                    let target = PackedEdge.target(edge[index])
                    let place = slot[target]
                    if place != Self.noList {
                        list[Int(place)] = UInt32(truncatingIfNeeded: source)
                        slot[target] = place &+ 1
                    }
                }
                index &+= 1
            }
            source &+= 1
        }
        // Each slot is now where its list ends.
        for node in 0..<count where slot[node] != Self.noList { list[Int(slot[node]) &- 1] |= Self.lastMark }
        self.lists = lists
        self.haveLists = haveLists
    }

    private static let noList = UInt32.max
}
