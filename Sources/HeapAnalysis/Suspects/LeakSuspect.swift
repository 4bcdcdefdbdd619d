/// Something that a large part of the heap hangs on.
public struct LeakSuspect: Sendable {
    /// What there is much of.
    public let className: String
    /// Of that class, below the holder; of a chain, all links.
    public let count: UInt64
    /// In bytes, of these together.
    public let retainedSize: UInt64
    /// Of the whole heap, from 0 to 1.
    public let share: Double
    /// How the objects hang together.
    public let kind: Kind
    /// nil for what has no name of its own.
    public let pattern: Pattern?
    /// nil where it is no function, and calls none of the application's.
    public let code: SuspectCode?
    /// All that the suspect consists of.
    public let contents: SuspectContents
    /// The object without which they would be freed; nil where nothing but the roots holds them all.
    public let holder: HeapObject?
    /// nil where one object holds them that people can find.
    public let scope: SharedScope?
    /// From a root to the holder, or to one of the objects where there is none.
    public let path: RetainingPath
    /// To what follows the last of a chain of promises, each of which waits for the one before; nil where nothing does.
    public let tailPath: RetainingPath?

    /// The links of a chain that are of one class.
    public struct Links: Sendable, Equatable {
        public let className: String
        public let count: UInt64
    }

    public enum Kind: Sendable, Equatable {
        /// One object that is large by itself.
        case single
        /// Many, held by one object.
        case collection
        /// Many of some classes, each held by the one before; by `edge` each leads to the next of its class. The most frequent class
        /// is first.
        case chain(edge: String, links: [Links])
        /// Many, held by several objects: none of them frees them all.
        case spread
    }
}
