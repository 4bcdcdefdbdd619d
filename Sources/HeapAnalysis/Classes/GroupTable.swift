import HeapSnapshot

/// Which group a node belongs to.
protocol NodeGroups {
    /// How many there are.
    var count: Int { get }
    /// - Returns: from 0; less for none.
    func group(of node: Int) -> Int
}

/// Counts and sizes of groups of nodes, such as classes.
struct GroupTable: Sendable {
    struct Row: BitwiseCopyable {
        var count: UInt64 = 0
        var shallowSize: UInt64 = 0
        var retainedSize: UInt64 = 0
        var distance = Int32.max
        /// Of those that take memory.
        var firstNode: UInt32 = 0
    }

    /// By group.
    let rows: Column<Row>

    fileprivate init(rows: Column<Row>) { self.rows = rows }

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, _ groups: some NodeGroups, _ distances: Distances, _ tree: DominatorTree) {
        guard let sums = GroupSums(graph, groups, distances) else { return nil }
        defer { withExtendedLifetime(sums) {} }
        tree.walk(enter: { sums.enter($0, tree, hasChildren: $1) }, leave: { sums.leave($0) })
        rows = sums.rows
    }

    /// Two of them in one walk down the tree, which takes longer than all that is done on the way.
    static func both(
        _ graph: HeapGraph, _ first: some NodeGroups, _ second: some NodeGroups, _ distances: Distances,
        _ tree: DominatorTree
    ) -> (GroupTable, GroupTable)? {
        guard let sums = GroupSums(graph, first, distances), let others = GroupSums(graph, second, distances) else {
            return nil
        }
        defer { withExtendedLifetime((sums, others)) {} }
        tree.walk(
            enter: {
                sums.enter($0, tree, hasChildren: $1)
                others.enter($0, tree, hasChildren: $1)
            },
            leave: {
                sums.leave($0)
                others.leave($0)
            })
        return (GroupTable(rows: sums.rows), GroupTable(rows: others.rows))
    }
}

/// Adds up what nodes of each group retain, on the way down the tree of dominators: an object below another of its group is in the
/// size of that already.
private struct GroupSums<Groups: NodeGroups> {
    let rows: Column<GroupTable.Row>
    private let groups: Groups
    private let sizes: SizeColumn
    /// Groups that a node above belongs to.
    private let active: Column<UInt8>
    /// Nodes that made their group active.
    private let owners: BitColumn

    /// Counts them, and adds up their own sizes.
    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, _ groups: Groups, _ distances: Distances) {
        guard let rows = Column<GroupTable.Row>(count: groups.count, isPopulated: true, isZero: false),
            let active = Column<UInt8>(count: groups.count), let owners = BitColumn(count: graph.nodeCount)
        else { return nil }
        (self.rows, self.groups, self.active, self.owners) = (rows, groups, active, owners)
        sizes = graph.columns.selfSizes
        let row = rows.base
        row.initialize(repeating: GroupTable.Row(), count: groups.count)
        for node in 0..<graph.nodeCount {
            let index = groups.group(of: node)
            if index < 0 { continue }
            let size = sizes[node]
            if size == 0 { continue }
            if row[index].count == 0 { row[index].firstNode = UInt32(truncatingIfNeeded: node) }
            row[index].count &+= 1
            row[index].shallowSize &+= size
            row[index].distance = min(row[index].distance, distances[node])
        }
    }

    @inline(__always)
    func enter(_ node: Int, _ tree: DominatorTree, hasChildren: Bool) {
        let index = groups.group(of: node)
        guard index >= 0, active.base[index] == 0, !sizes.isZero(node) else { return }
        rows.base[index].retainedSize &+= tree.retainedSizes[node]
        if hasChildren {
            active.base[index] = 1
            owners.set(node)
        }
    }

    @inline(__always)
    func leave(_ node: Int) {
        if owners[node] { active.base[groups.group(of: node)] = 0 }
    }
}
