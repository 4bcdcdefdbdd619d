import HeapSnapshot

/// Some nodes among all, numbered in their order.
struct NodeIndex: @unchecked Sendable {
    private let members: BitColumn
    /// How many members stand before each word of `members`.
    private let ranks: Column<UInt32>
    let count: Int

    /// - Parameters:
    ///   - members: which they are. They are these from now on.
    ///   - nodeCount: of all nodes.
    /// - Returns: nil where there is no memory.
    init?(_ members: BitColumn, nodeCount: Int) {
        let wordCount = nodeCount / 64 + 1
        guard let ranks = Column<UInt32>(count: wordCount) else { return nil }
        var count = 0
        for word in 0..<wordCount {
            ranks[word] = UInt32(truncatingIfNeeded: count)
            count += members.pointer[word].nonzeroBitCount
        }
        self.members = members
        self.ranks = ranks
        self.count = count
    }

    @inline(__always)
    func has(_ node: Int) -> Bool { members[node] }

    /// The number of a member.
    @inline(__always)
    func place(of node: Int) -> Int {
        let before = members.pointer[node &>> 6] & ((1 &<< UInt64(truncatingIfNeeded: node & 63)) &- 1)
        return Int(ranks.base[node &>> 6]) &+ before.nonzeroBitCount
    }
}

/// A number for each of some nodes among all.
struct SparseColumn: @unchecked Sendable {
    private let index: NodeIndex
    private let values: Column<UInt32>

    /// - Parameter members: of which it has a value, 0 at first.
    /// - Returns: nil where there is no memory.
    init?(_ members: BitColumn, nodeCount: Int) {
        guard let index = NodeIndex(members, nodeCount: nodeCount), let values = Column<UInt32>(count: index.count)
        else { return nil }
        self.index = index
        self.values = values
    }

    @inline(__always)
    func has(_ node: Int) -> Bool { index.has(node) }

    /// Of a member.
    @inline(__always)
    subscript(node: Int) -> UInt32 {
        get { values.base[index.place(of: node)] }
        nonmutating set { values.base[index.place(of: node)] = newValue }
    }
}
