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

    /// Whether either snapshot has an object of such a class.
    public var isKnown: Bool { baseCount > 0 || count > 0 }

    /// - Parameters:
    ///   - names: whole, or as they are shown: the beginning of a long one with its ellipsis.
    ///   - base: the classes of the oldest snapshot.
    ///   - newest: those of the newest one.
    static func find(
        _ names: [String], _ base: [ClassKey: DiffBase.Entry], _ newest: [ClassKey: DiffBase.Entry]
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
        return totals
    }
}
