/// What DevTools' summary shows of a class.
public struct ClassSummary: Placed, Encodable, Sendable {
    public let name: String
    public var scriptID: UInt32?
    public var script: String?
    public var line, column: UInt32?
    /// Of objects that take memory.
    public let count: UInt64
    /// In bytes.
    public let shallowSize: UInt64
    /// In bytes; of objects that no other object of the class holds.
    public let retainedSize: UInt64
    /// Of the object nearest to the roots.
    public let distance: Int32
}
