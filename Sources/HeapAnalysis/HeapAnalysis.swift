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
    let objectNames: ObjectNames
    // Of a heap that is to be summarized.
    let duplicates: DuplicateStringSearch?
    let functions: FunctionGroups.Summaries?

    /// - Parameters:
    ///   - columns: of a valid snapshot. The sizes of backing stores move to their owners within.
    ///   - interfaces: those that plain objects are looked through for, of a snapshot that this one is compared with.
    ///   - isSummarized: whether a summary is wanted, of which a part can be done while others wait.
    public init(
        _ columns: SnapshotColumns, interfaces: [Interface]? = nil, isSummarized: Bool = false
    ) throws(OutOfMemory) {
        let tags = Outcome<TextTags>()
        let pageObjects = Outcome<BitColumn>()
        Threads.run({ pageObjects.set(PageObjects.mark(columns)) }, { tags.set(TextTags(columns.strings)) })
        guard let tags = tags.get(), let pageObjects = pageObjects.get() else { throw OutOfMemory() }
        let graph = HeapGraph(columns, tags)
        let detached = DetachedState(graph)
        let essential = Outcome<EssentialEdges>()
        let haveSizes = Outcome<Bool>()
        Threads.run(
            { essential.set(EssentialEdges(graph, pageObjects: pageObjects)) },
            { haveSizes.set(ShallowSizes.assign(graph)) })
        guard let essential = essential.get(), haveSizes.get() == true else { throw OutOfMemory() }
        let counts = Outcome<Column<UInt32>>()
        let tree = Outcome<DominatorTree>()
        let functions = Outcome<FunctionGroups.Summaries>()
        let distances = Outcome<Column<Int32>>()
        let rest = Outcome<Rest>()
        let treeHasBegun = Outcome<Bool>()
        let treeNeedsLess = Outcome<Bool>()
        Threads.run(
            {
                counts.set(essential.countByTarget(graph))
                // Before the rest: the search's queue is gone when the tree needs most memory.
                distances.set(Distances.measure(graph))
                rest.set(
                    Rest(graph, detached, interfaces, isSummarized: isSummarized) {
                        // Where there is no second thread, this is done before the tree is begun.
                        if treeHasBegun.isSet { _ = treeNeedsLess.get() }
                    })
            },
            {
                treeHasBegun.set(true)
                let found = DominatorTree(graph, essential, counts) { treeNeedsLess.set(true) }
                treeNeedsLess.set(true)
                tree.set(found)
                guard isSummarized, let found, let distances = distances.get() else { return functions.set(nil) }
                functions.set(FunctionGroups(graph)?.summaries(distances, found))
            })
        guard let tree = tree.get(), let distances = distances.get(), let rest = rest.get() else { throw OutOfMemory() }
        self.graph = graph
        self.tree = tree
        self.detached = detached
        statistics = rest.statistics.with(
            totalSize: tree.retainedSizes.base[HeapGraph.root] &+ columns.extraNativeBytes)
        self.distances = distances
        names = rest.names
        scripts = rest.scripts
        objectNames = rest.objectNames
        duplicates = rest.duplicates
        self.functions = functions.get()
    }

    /// What needs no retained sizes, and is found out beside them.
    private struct Rest {
        let statistics: HeapStatistics
        let names: ClassNames
        let scripts: ScriptNames
        let objectNames: ObjectNames
        let duplicates: DuplicateStringSearch?

        /// - Parameter awaitMemory: called before what needs most of it.
        init?(
            _ graph: HeapGraph, _ detached: DetachedState, _ interfaces: [Interface]?, isSummarized: Bool,
            awaitMemory: () -> Void
        ) {
            guard let statistics = HeapStatistics(graph), let objectNames = ObjectNames(graph, detached) else {
                return nil
            }
            let duplicates = isSummarized ? DuplicateStringSearch(graph, objectNames) : nil
            awaitMemory()
            guard isSummarized == (duplicates != nil),
                let names = ClassNames(graph, detached, interfaces: interfaces)
            else { return nil }
            self.duplicates = duplicates
            (self.statistics, self.names, self.objectNames) = (statistics, names, objectNames)
            scripts = ScriptNames(graph)
        }
    }

    public var columns: SnapshotColumns { graph.columns }
    public var interfaces: [Interface] { names.interfaces }
}
