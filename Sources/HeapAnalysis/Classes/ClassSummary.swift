/// What DevTools' summary shows of a class.
public struct ClassSummary: Sendable {
    /// Its place among all classes of the heap.
    let index: Int
    private let names: ClassNames
    public let location: ClassLocation?
    /// Of objects that take memory.
    public let count: UInt64
    /// In bytes.
    public let shallowSize: UInt64
    /// In bytes; of objects that no other object of the class holds.
    public let retainedSize: UInt64
    /// Of the object nearest to the roots.
    public let distance: Int32

    init(_ index: Int, _ names: ClassNames, _ row: GroupTable.Row) {
        self.index = index
        self.names = names
        location = names.classes[index].location
        count = row.count
        shallowSize = row.shallowSize
        retainedSize = row.retainedSize
        distance = row.distance
    }

    /// Made when it is asked for: of a million classes a few are shown.
    public var name: String { names.name(of: index) }
}
