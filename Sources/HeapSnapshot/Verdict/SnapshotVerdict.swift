/// What a document turned out to be.
public enum SnapshotVerdict: Sendable, Equatable {
    /// A whole snapshot in which every invariant holds.
    case valid(SnapshotCounts)
    /// No bytes at all: the normal state of the file while V8 still builds the snapshot.
    case empty
    /// The beginning of a snapshot. `offset` is the number of bytes there are.
    case truncated(section: SnapshotSection, offset: UInt64)
    /// A snapshot in which an invariant does not hold.
    case inconsistent(SnapshotInconsistency)
    /// Something else.
    case notASnapshot(ForeignFile)

    /// The verdict in one or two words.
    public var name: String {
        switch self {
        case .valid: "valid"
        case .empty: "empty"
        case .truncated: "truncated"
        case .inconsistent: "inconsistent"
        case .notASnapshot: "not a snapshot"
        }
    }
}
