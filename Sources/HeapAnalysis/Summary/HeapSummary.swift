import HeapSnapshot

/// What a heap holds, in the order in which somebody asks who looks for a leak.
public struct HeapSummary: Sendable {
    public struct BigObject: Encodable, Sendable {
        public let object: HeapObject
        public let path: RetainingPath
    }

    public let suspects: [LeakSuspect]
    /// Patterns that are many, but for those that a suspect is of.
    public let many: [ManyObjects]
    /// nil where they are neither many nor much.
    public let arrayBuffers: ArrayBufferOwners?
    public let statistics: HeapStatistics
    /// The largest retained size first.
    public let classes: ClassList
    /// Those that DevTools does not show, since others bear the same name.
    public let hiddenClasses: ClassList
    public let biggestObjects: [BigObject]
    public let duplicateStrings: DuplicateStringList
    public let closures: FunctionList
    public let contexts: FunctionList
    /// Native objects that are detached from their document, by name.
    public let detached: [DetachedSummary]
    /// Threads with heaps of their own, which are not in this one: those that the program has an object for.
    public let workerCount: Int

    public struct DetachedSummary: Encodable, Sendable {
        public let name: String
        public let count: UInt64
        /// In bytes; of those that no other of the name holds.
        public let retainedSize: UInt64
    }

    public static let objectCount = 10

    public init(_ analysis: HeapAnalysis) throws(HeapAnalysis.OutOfMemory) {
        let steps = Steps()
        let paths = steps.add { Self.suspectsAndObjects(analysis) }
        let groups = steps.add { analysis.functions ?? FunctionGroups(analysis.graph) }
        let tables = steps.add(after: [groups]) {
            groups.value.flatMap {
                GroupTable.both(
                    analysis.graph, ClassGroups(analysis.names), $0.members, analysis.distances, analysis.tree)
            }
        }
        let classes = steps.add(after: [tables]) {
            tables.value.flatMap { HeapClasses(analysis.names, $0.0, analysis.scripts) }
        }
        let functions = steps.add(after: [tables]) { () -> FunctionGroups.Summaries? in
            guard let groups = groups.value, let table = tables.value?.1 else { return nil }
            return groups.summaries(table, analysis.scripts)
        }
        let duplicates = steps.add {
            (analysis.duplicates ?? DuplicateStringSearch(analysis.graph, analysis.objectNames))?
                .strings(analysis.tree.retainedSizes)
        }
        let detached = steps.add { DetachedGroups(analysis) }
        steps.run()
        guard let duplicates = duplicates.value, let classes = classes.value, let functions = functions.value,
            let paths = paths.value, let detached = detached.value
        else { throw HeapAnalysis.OutOfMemory() }
        (suspects, many, biggestObjects) = (paths.suspects, paths.many, paths.objects)
        arrayBuffers = paths.arrayBuffers
        statistics = analysis.statistics
        self.classes = classes.shown
        hiddenClasses = classes.hidden
        duplicateStrings = duplicates
        closures = functions.closures
        contexts = functions.contexts
        self.detached = detached.summaries()
        workerCount = Self.workers(analysis.graph)
        ColumnMemory.shared.giveBack()
    }

    /// Of Node's objects of C++, one a thread; a string may say the same.
    private static func workers(_ graph: HeapGraph) -> Int {
        (0..<graph.nodeCount).count {
            (graph.type[$0] == graph.types.native || graph.type[$0] == graph.types.synthetic)
                && graph.tag(ofNode: $0) == .nodeWorker
        }
    }

    private struct Told {
        let suspects: [LeakSuspect]
        let many: [ManyObjects]
        let arrayBuffers: ArrayBufferOwners?
        let objects: [BigObject]
    }

    /// All with their paths, which are searched together.
    private static func suspectsAndObjects(_ analysis: HeapAnalysis) -> Told? {
        guard var search = SuspectSearch(analysis), var patterns = ManySearch(analysis) else { return nil }
        let drafts = search.drafts()
        let many = patterns.drafts(search.codes)
        let buffers = search.arrayBuffers()
        guard
            let biggest = BiggestObjects.find(
                analysis, count: Self.objectCount, holders: drafts.compactMap(\.holder)),
            let paths = PathSearch(analysis).paths(
                to: drafts.map(\.end) + drafts.compactMap(\.tail) + biggest + many.compactMap(\.end)
                    + (buffers?.ends ?? []))
        else { return nil }
        guard let suspects = search.suspects(drafts, paths) else { return nil }
        let objects = biggest.compactMap { node in
            paths[node].map { BigObject(object: analysis.object(node), path: $0) }
        }
        return Told(
            suspects: suspects, many: patterns.many(many, search.codes, paths, besides: suspects),
            arrayBuffers: buffers?.owners(paths), objects: objects)
    }
}
