import HeapSnapshot

/// What became of a class between two snapshots, as DevTools' comparison shows it, and how much more it holds.
public struct ClassDiff: Placed, Encodable, Sendable {
    public let name: String
    public var scriptID: UInt32?
    public var script: String?
    public var line, column: UInt32?
    /// Of objects; nil where nobody knows which came and which went.
    public internal(set) var addedCount, removedCount: UInt64?
    public let countDelta: Int64
    /// In bytes, likewise.
    public internal(set) var addedSize, removedSize: UInt64?
    public let sizeDelta: Int64
    /// In bytes; of the class, before and after.
    public let baseRetainedSize, retainedSize: UInt64
    public let retainedDelta: Int64

    /// Whether objects came or went, as far as that is known.
    public var hasOtherObjects: Bool {
        guard let addedCount, let removedCount else { return countDelta != 0 || sizeDelta != 0 }
        return addedCount > 0 || removedCount > 0
    }

    var withoutIDs: ClassDiff {
        var diff = self
        (diff.addedCount, diff.removedCount, diff.addedSize, diff.removedSize) = (nil, nil, nil, nil)
        return diff
    }
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
        let shown = try HeapClasses(analysis).shown
        for index in shown.places.lazy.map(Int.init) {
            let plain = analysis.names.classes[index].plain
            let (identity, name) =
                names[plain]
                ?? (analysis.names.withName(of: plain) { TextIdentity($0) }, analysis.names.name(of: index))
            names[plain] = (identity, name)
            let key = ClassKey(name: identity, location: analysis.names.location(of: index))
            keyOfClass[index] = key
            entries[key] = DiffBase.Entry(name: name, index: index, retainedSize: shown.retainedSize(ofClass: index))
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
    public struct Growth: Encodable, Sendable {
        /// Of the objects that became more, or larger.
        public let `class`: String
        /// Of them in each snapshot, the oldest first.
        public let counts: [UInt64]
        /// In bytes, likewise: of them, of what keeps them, and of all that is reached over them.
        public let retainedSizes: [UInt64]
        public let countDelta, retainedDelta: Int64
        /// From a root to what holds them.
        public let path: RetainingPath

        init(class: String, counts: [UInt64], retainedSizes: [UInt64], path: RetainingPath) {
            func delta(_ figures: [UInt64]) -> Int64 {
                Int64(clamping: figures.last ?? 0) - Int64(clamping: figures.first ?? 0)
            }
            (self.class, self.counts, self.retainedSizes, self.path) = (`class`, counts, retainedSizes, path)
            (countDelta, retainedDelta) = (delta(counts), delta(retainedSizes))
        }
    }

    /// Those of which objects came or went, or that hold more or less: first what grew, then what shrank, each by how much.
    public let classes: [ClassDiff]
    /// How what grew is held.
    public let growth: [Growth]
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
    ///   - byIDs: go by ids even if they are unrelated, as DevTools does.
    public init(
        _ base: DiffBase, between: [PathTree] = [], _ analysis: HeapAnalysis, _ vocabulary: PathVocabulary,
        totalsOf classNames: [String] = [], byIDs: Bool = false
    ) throws(HeapAnalysis.OutOfMemory) {
        let newest = try DiffBase(analysis, vocabulary, totalsOf: classNames)
        let steps = Steps()
        let grown = steps.add { try? Self.growth([base.tree] + between + [newest.tree], analysis, vocabulary) }
        let changed = steps.add { Self.classes(base.entries, newest.entries, analysis.scripts) }
        let unrelated = steps.add { ObjectIDs.areUnrelated(base, newest.entries, analysis) }
        steps.run()
        guard let growth = grown.value, let classes = changed.value, let hasUnrelatedIDs = unrelated.value else {
            throw HeapAnalysis.OutOfMemory()
        }
        self.growth = growth
        self.classes = byIDs || !hasUnrelatedIDs ? classes : classes.map(\.withoutIDs)
        self.hasUnrelatedIDs = hasUnrelatedIDs
        totals = ClassTotals.find(
            classNames, base.entries, newest.entries, functions: base.functions.union(newest.functions))
        totalSize = analysis.statistics.totalSize
    }

    private static func classes(
        _ base: [ClassKey: DiffBase.Entry], _ newest: [ClassKey: DiffBase.Entry], _ scripts: ScriptNames
    ) -> [ClassDiff] {
        var diffs: [ClassDiff] = []
        var scriptNames: [UInt32: String] = [:]
        for key in Set(base.keys).union(newest.keys) {
            var diff = compare(base[key] ?? .init(), newest[key] ?? .init())
            guard diff.hasOtherObjects || diff.retainedDelta != 0 else { continue }
            diff.place = scripts.place(of: key.location, &scriptNames)
            diffs.append(diff)
        }
        return diffs.sorted(by: comesFirst)
    }

    private static func comesFirst(_ a: ClassDiff, _ b: ClassDiff) -> Bool {
        func kind(_ diff: ClassDiff) -> Int { diff.retainedDelta > 0 ? 0 : diff.retainedDelta < 0 ? 1 : 2 }
        func place(_ diff: ClassDiff) -> (UInt32, UInt32, UInt32) {
            diff.place.map { ($0.location.scriptID, $0.location.line, $0.location.column) } ?? (0, 0, 0)
        }
        let (first, second) = (
            (kind(a), b.retainedDelta.magnitude, b.sizeDelta, a.name),
            (kind(b), a.retainedDelta.magnitude, a.sizeDelta, b.name)
        )
        return first == second ? place(a) < place(b) : first < second
    }

    private static func compare(_ old: DiffBase.Entry, _ new: DiffBase.Entry) -> ClassDiff {
        var (added, removed) = ((count: UInt64(0), size: UInt64(0)), (count: UInt64(0), size: UInt64(0)))
        var (i, j) = (0, 0)
        while i < old.objects.count || j < new.objects.count {
            let oldID = i < old.objects.count ? old.objects[i].id : .max
            let newID = j < new.objects.count ? new.objects[j].id : .max
            if oldID == newID {
                i += 1
                j += 1
            } else if oldID < newID {
                removed.count += 1
                removed.size += old.objects[i].size
                i += 1
            } else {
                added.count += 1
                added.size += new.objects[j].size
                j += 1
            }
        }
        return ClassDiff(
            name: new.index == nil ? old.name : new.name, addedCount: added.count, removedCount: removed.count,
            countDelta: Int64(added.count) - Int64(removed.count), addedSize: added.size, removedSize: removed.size,
            sizeDelta: Int64(added.size) - Int64(removed.size), baseRetainedSize: old.retainedSize,
            retainedSize: new.retainedSize, retainedDelta: Int64(new.retainedSize) - Int64(old.retainedSize))
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
                class: Self.name(of: front, heldBy: holder, isLarger: grown.isLarger, analysis),
                counts: grown.counts, retainedSizes: grown.sizes, path: path)
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
