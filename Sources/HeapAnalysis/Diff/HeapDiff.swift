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

/// What a comparison needs of the older snapshot, which need not stay in memory.
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
    public let statistics: HeapStatistics

    /// - Parameter analysis: by the interfaces of the newer snapshot, as DevTools compares.
    public init(_ analysis: HeapAnalysis) throws(HeapAnalysis.OutOfMemory) {
        entries = try ClassKey.entries(analysis)
        statistics = analysis.statistics
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
    public struct Growth: Sendable {
        public let diff: ClassDiff
        /// From a root to one of the new objects: of the ways in which they are held, a frequent one.
        public let path: RetainingPath
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

    private static let growthCount = 5

    /// - Parameter analysis: of the newer snapshot.
    public init(_ base: DiffBase, _ analysis: HeapAnalysis) throws(HeapAnalysis.OutOfMemory) {
        let entries = try ClassKey.entries(analysis)
        var diffs: [ClassDiff] = []
        for key in Set(base.entries.keys).union(entries.keys) {
            let diff = Self.compare(key, base.entries[key] ?? .init(), entries[key] ?? .init())
            if diff.hasOtherObjects || diff.retainedDelta != 0 { diffs.append(diff) }
        }
        classes = diffs.sorted(by: Self.comesFirst)
        hasUnrelatedIDs = ObjectIDs.areUnrelated(base, entries, analysis)
        growth = try Self.growth(classes, base, entries, analysis)
        scripts = analysis.scripts
        totalSize = analysis.statistics.totalSize
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

    /// Of the new objects of a class, so many are looked at.
    private static let sampleCount = 1000

    /// The paths of the classes that grew most.
    private static func growth(
        _ classes: [ClassDiff], _ base: DiffBase, _ entries: [ClassKey: DiffBase.Entry], _ analysis: HeapAnalysis
    ) throws(HeapAnalysis.OutOfMemory) -> [Growth] {
        let grown = classes.filter { $0.retainedDelta > 0 && $0.countDelta > 0 }.prefix(growthCount)
        guard !grown.isEmpty else { return [] }
        let query = try RetainerQuery(analysis)
        return grown.compactMap { diff in
            guard let index = entries[diff.key]?.index else { return nil }
            let old = Set(base.entries[diff.key]?.objects.map(\.id) ?? [])
            let new = analysis.nodes(ofClass: index).filter { !old.contains(analysis.columns.id($0)) }
                .prefix(sampleCount)
            return representative(query.groups(Array(new))).map { Growth(diff: diff, path: $0.path) }
        }
    }

    /// Of the ways in which new objects are held, the most frequent; one that the application's variables lead to, before one by
    /// V8's own roots, where as many as a tenth of the objects are held so.
    private static func representative(_ groups: RetainerGroups) -> RetainerGroup? {
        let sums = groups.sums
        let count = sums.reduce(0) { $0 + $1.count }
        let own = sums.indices.filter { sums[$0].count * 10 >= count && groups[$0].path.beginsAtUserRoot }
        let best = (own.isEmpty ? Array(sums.indices) : own).max { sums[$0].count < sums[$1].count }
        return best.map { groups[$0] }
    }
}

extension HeapAnalysis {
    /// Those that take memory.
    func nodes(ofClass index: Int) -> [Int] {
        (0..<graph.nodeCount).filter { node in
            Int(names.ofNode[node]) == index && !columns.selfSizes.isZero(node)
        }
    }
}
