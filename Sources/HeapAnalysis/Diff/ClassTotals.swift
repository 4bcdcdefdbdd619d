/// The figures of all classes that bear one name, in the oldest and in the newest snapshot.
///
/// A class whose constructor stands elsewhere in the newer snapshot, since the source was edited, is another class to DevTools. Its
/// name is the same, so these figures compare the two.
public struct ClassTotals: Equatable, Sendable {
    public internal(set) var baseCount: UInt64 = 0
    public internal(set) var count: UInt64 = 0
    /// In bytes.
    public internal(set) var baseSize: UInt64 = 0
    public internal(set) var size: UInt64 = 0
    /// In bytes; the sum over the classes.
    public internal(set) var baseRetainedSize: UInt64 = 0
    public internal(set) var retainedSize: UInt64 = 0

    /// Whether either snapshot has a function of this name, such as the constructor of a class that has no object.
    public internal(set) var hasFunction = false
    /// The name of a class that is spelt almost alike; nil if there is none, or if this name is known.
    public internal(set) var nearName: String?

    /// Whether either snapshot has an object of such a class, or what could make one. Else the name may be mistyped.
    public var isKnown: Bool { baseCount > 0 || count > 0 || hasFunction }

    /// - Parameters:
    ///   - names: whole, or as they are shown: the beginning of a long one with its ellipsis.
    ///   - base: the classes of the oldest snapshot.
    ///   - newest: those of the newest one.
    ///   - functions: those of the names that functions of either bear.
    static func find(
        _ names: [String], _ base: [ClassKey: DiffBase.Entry], _ newest: [ClassKey: DiffBase.Entry],
        functions: Set<String>
    ) -> [String: ClassTotals] {
        guard !names.isEmpty else { return [:] }
        var totals = Dictionary(names.map { ($0, ClassTotals()) }, uniquingKeysWith: { first, _ in first })
        let whole = Dictionary(
            names.map { name in (Array(name.utf8).withUnsafeBufferPointer { TextIdentity($0) }, name) },
            uniquingKeysWith: { first, _ in first })
        func add(_ entries: [ClassKey: DiffBase.Entry], _ add: (inout ClassTotals, DiffBase.Entry, UInt64) -> Void) {
            for (key, entry) in entries {
                let name = whole[key.name] ?? HeapText.readable(entry.name)
                guard totals[name] != nil else { continue }
                add(&totals[name, default: ClassTotals()], entry, entry.objects.reduce(0) { $0 &+ $1.size })
            }
        }
        add(base) { totals, entry, size in
            totals.baseCount += UInt64(entry.objects.count)
            totals.baseSize &+= size
            totals.baseRetainedSize &+= entry.retainedSize
        }
        add(newest) { totals, entry, size in
            totals.count += UInt64(entry.objects.count)
            totals.size &+= size
            totals.retainedSize &+= entry.retainedSize
        }
        for name in functions { totals[name]?.hasFunction = true }
        for (name, known) in totals where !known.isKnown {
            let others = [base, newest].lazy.flatMap(\.values).map { HeapText.readable($0.name) }
            totals[name]?.nearName = NearName.find(name, among: others)
        }
        return totals
    }
}
