public import HeapSnapshot

/// What became of a class between two snapshots, as DevTools' comparison shows it, and how much more it holds.
public struct ClassDiff: Sendable {
    public let name: String
    let key: ClassKey
    public var location: ScriptLocation? { key.location }
    public var addedCount: UInt64 = 0
    public var removedCount: UInt64 = 0
    /// In bytes.
    public var addedSize: UInt64 = 0
    public var removedSize: UInt64 = 0
    /// In bytes; of the class, before and after.
    public var baseRetainedSize: UInt64 = 0
    public var retainedSize: UInt64 = 0

    /// Whether objects came or went.
    public var hasOtherObjects: Bool { addedCount > 0 || removedCount > 0 }
    public var countDelta: Int64 { Int64(addedCount) - Int64(removedCount) }
    public var sizeDelta: Int64 { Int64(addedSize) - Int64(removedSize) }
    public var retainedDelta: Int64 { Int64(retainedSize) - Int64(baseRetainedSize) }
}

/// What a comparison needs of a snapshot, which need not stay in memory.
public struct DiffBase: Sendable {
    struct Entry {
        /// Of the class, as it is shown.
        var name = ""
        /// Of the class.
        var index: Int?
        /// By their ids.
        var objects: [(id: UInt64, size: UInt64)] = []
        var retainedSize: UInt64 = 0
    }

    let entries: [ClassKey: Entry]
    let tree: PathTree
    public let statistics: HeapStatistics
    /// Those of the requested names that functions bear.
    let functions: Set<String>

    /// - Parameters:
    ///   - analysis: by the interfaces of the newer snapshot, as DevTools compares.
    ///   - vocabulary: of all snapshots that are compared.
    ///   - classNames: names of classes whose totals are to be added up.
    public init(
        _ analysis: HeapAnalysis, _ vocabulary: PathVocabulary, totalsOf classNames: [String] = []
    ) throws(HeapAnalysis.OutOfMemory) {
        let steps = Steps()
        let merged = steps.add { try? PathTree(analysis, vocabulary) }
        let grouped = steps.add { try? ClassKey.entries(analysis) }
        steps.run()
        guard let tree = merged.value, let entries = grouped.value else { throw HeapAnalysis.OutOfMemory() }
        self.tree = tree
        self.entries = entries
        statistics = analysis.statistics
        functions = analysis.functions(named: classNames)
    }
}

/// How DevTools finds a class again in another snapshot: by its name and the place of its constructor.
struct ClassKey: Hashable, Sendable {
    /// Of the whole name, of which the beginning is shown.
    let name: TextIdentity
    let location: ScriptLocation?

    static func entries(
        _ analysis: HeapAnalysis
    ) throws(HeapAnalysis.OutOfMemory) -> [ClassKey: DiffBase.Entry] {
        let needed = analysis.graph.nodeCount * 24 + analysis.names.classCount * 256
        guard MemoryGuard.shared.admits(needed) else { throw HeapAnalysis.OutOfMemory() }
        var entries: [ClassKey: DiffBase.Entry] = [:]
        var keyOfClass: [Int: ClassKey] = [:]
        // Classes that differ in their place alone have one name, which may be long.
        var names: [Int: (TextIdentity, String)] = [:]
        for summary in try HeapClasses(analysis).shown {
            let plain = analysis.names.classes[summary.index].plain
            let (identity, name) =
                names[plain] ?? (analysis.names.withName(of: plain) { TextIdentity($0) }, summary.name)
            names[plain] = (identity, name)
            let key = ClassKey(name: identity, location: summary.location)
            keyOfClass[summary.index] = key
            entries[key] = DiffBase.Entry(name: name, index: summary.index, retainedSize: summary.retainedSize)
        }
        var objects = [[(id: UInt64, size: UInt64)]](repeating: [], count: analysis.names.classCount)
        for node in 0..<analysis.graph.nodeCount {
            let size = analysis.columns.selfSize(node)
            if size == 0 { continue }
            objects[Int(analysis.names.ofNode[node])].append((analysis.columns.id(node), size))
        }
        for (index, key) in keyOfClass {
            objects[index].sort { $0.id < $1.id }
            entries[key]?.objects = objects[index]
            objects[index] = []
        }
        return entries
    }
}

/// Compares two snapshots of one process.
public struct HeapDiff: Sendable {
    /// What grew, whatever the objects are numbered by: see `GrownPlaces`.
    public struct Growth: Sendable {
        /// Of the objects that became more, or larger.
        public let className: String
        /// Of them in each snapshot, the oldest first.
        public let counts: [UInt64]
        /// In bytes, likewise: of them, of what keeps them, and of all that is reached over them.
        public let sizes: [UInt64]
        /// From a root to what holds them.
        public let path: RetainingPath

        public var countDelta: Int64 { Int64(clamping: counts.last ?? 0) - Int64(clamping: counts.first ?? 0) }
        public var sizeDelta: Int64 { Int64(clamping: sizes.last ?? 0) - Int64(clamping: sizes.first ?? 0) }
    }

    /// Those of which objects came or went, or that hold more or less: first what grew, then what shrank, each by how much.
    public let classes: [ClassDiff]
    /// How what grew is held.
    public let growth: [Growth]
    public let scripts: ScriptNames
    /// Of the newer heap, in bytes.
    public let totalSize: UInt64
    /// Whether an id means one object in the one snapshot and another one in the other: then neither which objects are new nor which
    /// are gone is known. See `ObjectIDs`.
    public let hasUnrelatedIDs: Bool
    /// Totals of the requested classes, by class name.
    public let totals: [String: ClassTotals]

    private static let growthCount = 5

    /// - Parameters:
    ///   - base: the oldest snapshot.
    ///   - between: others, in their order.
    ///   - analysis: of the newest snapshot.
    ///   - vocabulary: that of the others.
    ///   - classNames: names of classes whose totals to add up.
    public init(
        _ base: DiffBase, between: [PathTree] = [], _ analysis: HeapAnalysis, _ vocabulary: PathVocabulary,
        totalsOf classNames: [String] = []
    ) throws(HeapAnalysis.OutOfMemory) {
        let newest = try DiffBase(analysis, vocabulary, totalsOf: classNames)
        let steps = Steps()
        let grown = steps.add { try? Self.growth([base.tree] + between + [newest.tree], analysis, vocabulary) }
        let changed = steps.add { Self.classes(base.entries, newest.entries) }
        let unrelated = steps.add { ObjectIDs.areUnrelated(base, newest.entries, analysis) }
        steps.run()
        guard let growth = grown.value, let classes = changed.value, let hasUnrelatedIDs = unrelated.value else {
            throw HeapAnalysis.OutOfMemory()
        }
        self.growth = growth
        self.classes = classes
        self.hasUnrelatedIDs = hasUnrelatedIDs
        totals = ClassTotals.find(
            classNames, base.entries, newest.entries, functions: base.functions.union(newest.functions))
        scripts = analysis.scripts
        totalSize = analysis.statistics.totalSize
    }

    private static func classes(
        _ base: [ClassKey: DiffBase.Entry], _ newest: [ClassKey: DiffBase.Entry]
    ) -> [ClassDiff] {
        var diffs: [ClassDiff] = []
        for key in Set(base.keys).union(newest.keys) {
            let diff = compare(key, base[key] ?? .init(), newest[key] ?? .init())
            if diff.hasOtherObjects || diff.retainedDelta != 0 { diffs.append(diff) }
        }
        return diffs.sorted(by: comesFirst)
    }

    private static func comesFirst(_ a: ClassDiff, _ b: ClassDiff) -> Bool {
        func kind(_ diff: ClassDiff) -> Int { diff.retainedDelta > 0 ? 0 : diff.retainedDelta < 0 ? 1 : 2 }
        return (kind(a), b.retainedDelta.magnitude, b.sizeDelta, a.name)
            < (kind(b), a.retainedDelta.magnitude, a.sizeDelta, b.name)
    }

    private static func compare(_ key: ClassKey, _ old: DiffBase.Entry, _ new: DiffBase.Entry) -> ClassDiff {
        var diff = ClassDiff(name: new.index == nil ? old.name : new.name, key: key)
        diff.baseRetainedSize = old.retainedSize
        diff.retainedSize = new.retainedSize
        var (i, j) = (0, 0)
        while i < old.objects.count || j < new.objects.count {
            let oldID = i < old.objects.count ? old.objects[i].id : .max
            let newID = j < new.objects.count ? new.objects[j].id : .max
            if oldID == newID {
                i += 1
                j += 1
            } else if oldID < newID {
                diff.removedCount += 1
                diff.removedSize += old.objects[i].size
                i += 1
            } else {
                diff.addedCount += 1
                diff.addedSize += new.objects[j].size
                j += 1
            }
        }
        return diff
    }

    private static func growth(
        _ trees: [PathTree], _ analysis: HeapAnalysis, _ vocabulary: PathVocabulary
    ) throws(HeapAnalysis.OutOfMemory) -> [Growth] {
        let tree = trees[trees.count - 1]
        let grown = GrownPlaces(trees, vocabulary).largest(growthCount)
        let holders = grown.map { Int(tree.places[$0.holder].firstNode) }
        guard let paths = PathSearch(analysis).paths(to: holders) else { throw HeapAnalysis.OutOfMemory() }
        return zip(grown, holders).compactMap { grown, holder in
            guard let path = paths[holder] else { return nil }
            let front = Int(tree.places[grown.front].firstNode)
            return Growth(
                className: Self.name(of: front, heldBy: holder, isLarger: grown.isLarger, analysis),
                counts: grown.counts, sizes: grown.sizes, path: path)
        }
    }
}

extension HeapDiff {
    private static func name(of front: Int, heldBy holder: Int, isLarger: Bool, _ analysis: HeapAnalysis) -> String {
        let (type, types) = (analysis.graph.type[front], analysis.graph.types)
        // A store of V8's is known by whose it is.
        if isLarger, type == types.native { return analysis.className(of: holder) }
        // "system / PromiseReaction" says more than "(system)".
        return type == types.hidden ? analysis.objectNames.shownName(of: front) : analysis.className(of: front)
    }
}
