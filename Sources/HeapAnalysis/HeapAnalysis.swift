public import HeapSnapshot
import Synchronization

/// The numbers that Chrome DevTools shows of a heap snapshot, by its rules: those of Chromium 156, `HeapSnapshot.ts`.
public final class HeapAnalysis: @unchecked Sendable {
    public struct OutOfMemory: Error {}

    let graph: HeapGraph
    let distances: Distances
    /// Global objects that the root does not refer to.
    let hiddenGlobals: [Int]
    /// What paths are searched by: distances, or else those from these global objects.
    let pathDistances: Distances
    let tree: DominatorTree
    let names: ClassNames
    let detached: DetachedState
    public let statistics: HeapStatistics
    public let scripts: ScriptNames
    let objectNames: ObjectNames
    /// The scripts of the functions on paths, found when first asked for.
    let functionScripts: Mutex<FunctionScripts>
    /// Looked for when a function is first told of.
    let functionPlaces = Mutex<FunctionPlaces?>(nil)
    /// Looked for when a path first leads over a cell.
    let moduleExports = Mutex<ModuleExports?>(nil)
    // Of a heap that is to be summarized.
    let duplicates: DuplicateStringSearch?
    let functions: FunctionGroups?

    /// - Parameters:
    ///   - columns: of a valid snapshot. The sizes of backing stores move to their owners within.
    ///   - interfaces: those that plain objects are looked through for, of a snapshot that this one is compared with.
    ///   - isSummarized: whether a summary is wanted, of which a part can be done while others wait.
    public init(
        _ columns: SnapshotColumns, interfaces: [Interface]? = nil, isSummarized: Bool = false
    ) throws(OutOfMemory) {
        let steps = Steps()
        // What others wait for longest goes first: that is the tree of dominators.
        let pageObjects = steps.add { PageObjects.mark(columns) }
        let tags = steps.add { TextTags(columns.strings) }
        let graph = steps.add(after: [tags]) { tags.value.map { HeapGraph(columns, $0) } }
        let essential = steps.add(after: [graph, pageObjects]) { () -> EssentialEdges? in
            guard let graph = graph.value, let pageObjects = pageObjects.take() else { return nil }
            return EssentialEdges(graph, pageObjects: pageObjects)
        }
        let sizes = steps.add(after: [graph]) { graph.value.flatMap { ShallowSizes.assign($0) ? true : nil } }
        let memory = steps.add(after: [graph]) { graph.value.flatMap { SpanningTree.Memory($0) } }
        let spanning = steps.add(after: [essential, memory]) { () -> SpanningTree? in
            guard let graph = graph.value, let essential = essential.value, let memory = memory.take() else {
                return nil
            }
            return SpanningTree(graph, essential, memory)
        }
        let counts = steps.add(after: [essential]) { () -> Column<UInt32>? in
            guard let graph = graph.value, let essential = essential.value else { return nil }
            return essential.countByTarget(graph)
        }
        let numbers = steps.add(after: [spanning, counts]) { () -> DominatorNumbers? in
            guard let graph = graph.value, let spanning = spanning.take(),
                let predecessors = Self.predecessors(graph, essential, counts, spanning)
            else { return nil }
            return DominatorNumbers(spanning, predecessors)
        }
        let tree = steps.add(after: [numbers, sizes]) { () -> DominatorTree? in
            guard let graph = graph.value, let numbers = numbers.take(), sizes.value != nil else { return nil }
            return DominatorTree(graph, numbers)
        }
        let statistics = steps.add(after: [sizes]) { graph.value.flatMap { HeapStatistics($0) } }
        // Not before the edges are counted, which the tree waits for; not after the rest, since the search's queue is to be gone when
        // the tree needs most memory.
        let distances = steps.add(after: [counts]) { graph.value.flatMap { Distances($0) } }
        let hiddenGlobals = steps.add(after: [graph]) { graph.value?.hiddenGlobals() }
        let pathDistances = steps.add(after: [distances, hiddenGlobals]) { () -> Distances? in
            guard let graph = graph.value, let globals = hiddenGlobals.value else { return nil }
            return globals.isEmpty ? distances.value : Distances(graph, from: globals)
        }
        let detached = steps.add(after: [graph]) { graph.value.flatMap { DetachedState($0) } }
        let objectNames = steps.add(after: [detached]) { () -> ObjectNames? in
            guard let graph = graph.value, let detached = detached.value else { return nil }
            return ObjectNames(graph, detached)
        }
        let duplicates = steps.add(after: [objectNames, sizes]) { () -> DuplicateStringSearch? in
            guard isSummarized, let graph = graph.value, let objectNames = objectNames.value else { return nil }
            return DuplicateStringSearch(graph, objectNames)
        }
        // Takes more memory than the others, and waits until the dominators need less.
        let names = steps.add(after: [detached, numbers]) { () -> ClassNames? in
            guard let graph = graph.value, let detached = detached.value else { return nil }
            return ClassNames(graph, detached, interfaces: interfaces)
        }
        let scripts = steps.add(after: [graph]) { graph.value.map(ScriptNames.init) }
        // Fills the time in which one thread waits for the other.
        let functions = steps.add(after: [graph]) {
            isSummarized ? graph.value.flatMap { FunctionGroups($0) } : nil
        }
        steps.run()
        guard let graph = graph.value, let tree = tree.value, let distances = distances.value,
            let pathDistances = pathDistances.value, let hiddenGlobals = hiddenGlobals.value,
            let statistics = statistics.value, let detached = detached.value, let objectNames = objectNames.value,
            let names = names.value, let scripts = scripts.value, isSummarized == (duplicates.value != nil),
            isSummarized == (functions.value != nil)
        else { throw OutOfMemory() }
        // What the dominators took is not wanted again.
        ColumnMemory.shared.giveBack()
        self.graph = graph
        self.tree = tree
        self.detached = detached
        self.statistics = statistics.with(
            totalSize: tree.retainedSizes[HeapGraph.root] &+ columns.extraNativeBytes)
        self.distances = distances
        self.hiddenGlobals = hiddenGlobals
        self.pathDistances = pathDistances
        self.names = names
        self.scripts = scripts
        functionScripts = Mutex(FunctionScripts(graph))
        self.objectNames = objectNames
        self.duplicates = duplicates.value
        self.functions = functions.value
    }

    /// Leaves nothing of what only it needs.
    private static func predecessors(
        _ graph: HeapGraph, _ essential: Step<EssentialEdges>, _ counts: Step<Column<UInt32>>, _ spanning: SpanningTree
    ) -> Predecessors? {
        guard let essential = essential.take(), let counts = counts.take() else { return nil }
        spanning.finish(counts)
        return Predecessors(graph, essential, slots: counts, spanning)
    }

    public var columns: SnapshotColumns { graph.columns }
    public var interfaces: [Interface] { names.interfaces }
}
