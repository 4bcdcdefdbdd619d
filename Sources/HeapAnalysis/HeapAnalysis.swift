public import HeapSnapshot

/// The numbers that Chrome DevTools shows of a heap snapshot, by its rules: those of Chromium 156, `HeapSnapshot.ts`.
public final class HeapAnalysis: @unchecked Sendable {
    public struct OutOfMemory: Error {}

    let graph: HeapGraph
    let distances: Column<Int32>
    let tree: DominatorTree
    let names: ClassNames
    let detached: DetachedState
    public let statistics: HeapStatistics
    public let scripts: ScriptNames
    let table: GroupTable
    let objectNames: ObjectNames

    /// - Parameters:
    ///   - columns: of a valid snapshot. The sizes of backing stores move to their owners within.
    ///   - interfaces: those that plain objects are looked through for, of a snapshot that this one is compared with.
    public init(_ columns: SnapshotColumns, interfaces: [Interface]? = nil) throws(OutOfMemory) {
        guard let graph = HeapGraph(columns) else { throw OutOfMemory() }
        let detached = DetachedState(graph)
        let order = Outcome<DominatorTree.Order>()
        let distances = Outcome<Column<Int32>>()
        Threads.run(
            { order.value = DominatorTree.order(graph) },
            { if ShallowSizes.assign(graph) { distances.value = Distances.measure(graph) } })
        guard let order = order.value, let distances = distances.value else { throw OutOfMemory() }
        // Not before: the predecessors in the graph are as large as what comes now.
        let tree = Outcome<DominatorTree>()
        let names = Outcome<ClassNames>()
        Threads.run(
            { tree.value = DominatorTree(graph, order) },
            { names.value = ClassNames(graph, detached, interfaces: interfaces) })
        guard let tree = tree.value, let names = names.value else { throw OutOfMemory() }
        let table = Outcome<GroupTable>()
        let statistics = Outcome<HeapStatistics>()
        let scripts = Outcome<ScriptNames>()
        let total = tree.retainedSizes.base[HeapGraph.root] &+ columns.extraNativeBytes
        Threads.run(
            {
                statistics.value = HeapStatistics(graph, totalSize: total)
                scripts.value = ScriptNames(graph)
            },
            {
                table.value = GroupTable(graph, names.ofNode, count: names.classes.count, distances, tree)
            })
        guard let table = table.value, let statistics = statistics.value, let scripts = scripts.value,
            let objectNames = ObjectNames(graph, detached)
        else { throw OutOfMemory() }
        self.graph = graph
        self.tree = tree
        self.distances = distances
        self.names = names
        self.detached = detached
        self.statistics = statistics
        self.scripts = scripts
        self.table = table
        self.objectNames = objectNames
    }

    public var columns: SnapshotColumns { graph.columns }
    public var interfaces: [Interface] { names.interfaces }

    /// All classes, the largest retained size first.
    ///
    /// DevTools has one row for a name and place: where nodes of different kinds bear the name of a category of DevTools' own, such
    /// as an object named "Function", it shows the class whose first object comes last. The others are `hidden`.
    public func classes() -> (shown: [ClassSummary], hidden: [ClassSummary]) {
        // The class whose first object comes last is the first to take its name.
        let used = table.rows.indices.filter { table.rows[$0].count > 0 }
            .sorted { table.rows[$0].firstNode > table.rows[$1].firstNode }
        guard var seen = TextTable(for: used.count) else { return (used.map(summary), []) }
        var shown: [Int] = []
        var hidden: [Int] = []
        for index in used {
            let location = names.classes[index].location
            let hash = names.withName(of: index) { TextHash.of($0) } ^ TextHash.of(location)
            let entry = UInt32(truncatingIfNeeded: index)
            let first = seen.find(hash, orInsert: entry) { other in
                names.classes[Int(other)].location == location
                    && names.withName(of: index) { name in
                        names.withName(of: Int(other)) { TextHash.areSame($0, name) }
                    }
            }
            if first == entry { shown.append(index) } else { hidden.append(index) }
        }
        func isLarger(_ a: Int, _ b: Int) -> Bool {
            let (x, y) = (table.rows[a], table.rows[b])
            return (y.retainedSize, y.shallowSize, a) < (x.retainedSize, x.shallowSize, b)
        }
        return (shown.sorted(by: isLarger).map(summary), hidden.sorted(by: isLarger).map(summary))
    }

    private func summary(_ index: Int) -> ClassSummary { ClassSummary(index, names, table.rows[index]) }
}

/// What a thread leaves for the one that waits for it.
final class Outcome<Value>: @unchecked Sendable {
    var value: Value?
}
