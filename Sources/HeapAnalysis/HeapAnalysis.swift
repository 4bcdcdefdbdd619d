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
    let table: GroupTable
    let objectNames: ObjectNames

    /// - Parameters:
    ///   - columns: of a valid snapshot. The sizes of backing stores move to their owners within.
    ///   - interfaces: those that plain objects are looked through for, of a snapshot that this one is compared with.
    public init(_ columns: SnapshotColumns, interfaces: [Interface]? = nil) throws(OutOfMemory) {
        guard let graph = HeapGraph(columns) else { throw OutOfMemory() }
        let order = Outcome<DominatorTree.Order>()
        let parts = Outcome<Parts>()
        Threads.run(
            { order.value = DominatorTree.order(graph) },
            { parts.value = Parts(graph, interfaces) })
        guard let order = order.value, let parts = parts.value, let tree = DominatorTree(graph, order) else {
            throw OutOfMemory()
        }
        let table = Outcome<GroupTable>()
        let statistics = Outcome<HeapStatistics>()
        let total = tree.retainedSizes.base[HeapGraph.root] &+ columns.extraNativeBytes
        Threads.run(
            { statistics.value = HeapStatistics(graph, totalSize: total) },
            {
                table.value = GroupTable(
                    graph, parts.names.ofNode, count: parts.names.classes.count, parts.distances, tree)
            })
        guard let table = table.value, let statistics = statistics.value,
            let objectNames = ObjectNames(graph, parts.detached)
        else { throw OutOfMemory() }
        self.graph = graph
        self.tree = tree
        distances = parts.distances
        names = parts.names
        detached = parts.detached
        self.statistics = statistics
        self.table = table
        self.objectNames = objectNames
    }

    /// What needs no dominators.
    private struct Parts {
        let detached: DetachedState
        let distances: Column<Int32>
        let names: ClassNames

        init?(_ graph: HeapGraph, _ interfaces: [Interface]?) {
            detached = DetachedState(graph)
            guard ShallowSizes.assign(graph), let distances = Distances.measure(graph),
                let names = ClassNames(graph, detached, interfaces: interfaces)
            else { return nil }
            self.distances = distances
            self.names = names
        }
    }

    public var columns: SnapshotColumns { graph.columns }
    public var interfaces: [Interface] { names.interfaces }

    /// All classes, the largest retained size first.
    ///
    /// DevTools has one row for a name and place: where nodes of different kinds bear the name of a category of DevTools' own, such
    /// as an object named "Function", it shows the class whose first object comes last. The others are `hidden`.
    public func classes() -> (shown: [ClassSummary], hidden: [ClassSummary]) {
        var rows: [(first: Int, summary: ClassSummary)] = []
        for (index, row) in table.rows.enumerated() where row.count > 0 {
            let known = names.classes[index]
            rows.append(
                (
                    row.firstNode,
                    ClassSummary(
                        name: HeapText.string(known.name), location: known.location, count: row.count,
                        shallowSize: row.shallowSize,
                        retainedSize: row.retainedSize, distance: row.distance, index: index)
                ))
        }
        rows.sort { $0.first > $1.first }
        var seen: Set<Key> = []
        var shown: [ClassSummary] = []
        var hidden: [ClassSummary] = []
        for (_, summary) in rows {
            if seen.insert(Key(name: summary.name, location: summary.location)).inserted {
                shown.append(summary)
            } else {
                hidden.append(summary)
            }
        }
        func isLarger(_ a: ClassSummary, _ b: ClassSummary) -> Bool {
            (b.retainedSize, b.shallowSize, a.index) < (a.retainedSize, a.shallowSize, b.index)
        }
        return (shown.sorted(by: isLarger), hidden.sorted(by: isLarger))
    }

    private struct Key: Hashable {
        let name: String
        let location: ClassLocation?
    }
}

/// What a thread leaves for the one that waits for it.
final class Outcome<Value>: @unchecked Sendable {
    var value: Value?
}
