/// What DevTools' summary shows of a class.
public struct ClassSummary: Sendable {
    public let name: String
    public let location: ClassLocation?
    /// Of objects that take memory.
    public let count: UInt64
    /// In bytes.
    public let shallowSize: UInt64
    /// In bytes; of objects that no other object of the class holds.
    public let retainedSize: UInt64
    /// Of the object nearest to the roots.
    public let distance: Int32
    /// Its place among all classes of the heap.
    let index: Int
}
