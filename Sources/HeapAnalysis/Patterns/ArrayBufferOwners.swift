/// Whose the ArrayBuffers of a heap are, where they are many or much.
public struct ArrayBufferOwners: Sendable {
    public struct Group: Sendable {
        public let owner: Owner
        /// How many objects or functions own them; nil of other owners.
        public let ownerCount: UInt64?
        public let count: UInt64
        /// In bytes, of the buffers and their memory.
        public let size: UInt64
        /// To the variable's object, to what holds all owners, or to one of them; nil where there is no owner, and of all but the
        /// hundred largest groups.
        public let path: RetainingPath?
        /// Whether the path leads to one of several.
        public let isPathOfOne: Bool
    }

    public enum Owner: Sendable, Equatable {
        /// Objects of this class have them, or have the Buffers that keep them.
        case objects(className: String)
        /// Functions of one place, each by a variable of its own.
        case functions
        /// A variable, or what hangs on the global object.
        case variable
        /// Node's own functions.
        case node
        /// Buffers of several of these keep one, as they do with a slab of Node's pool.
        case several
        /// Nothing but V8's roots holds them all.
        case nobody
    }

    public let count: UInt64
    /// In bytes.
    public let size: UInt64
    /// Of the heap, from 0 to 1.
    public let share: Double
    /// The largest first.
    public let groups: [Group]
}
