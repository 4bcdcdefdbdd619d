/// The first place where a document breaks an invariant.
public struct SnapshotInconsistency: Sendable, Equatable {
    /// The invariant that does not hold.
    public let invariant: SnapshotInvariant
    /// The section in which the offending bytes stand.
    public let section: SnapshotSection
    /// The distance of the offending bytes from the start of the document, in bytes.
    public let offset: UInt64
    /// What was found, in ASCII and of bounded length. It never quotes the document, which holds secrets.
    public let detail: String

    public init(invariant: SnapshotInvariant, section: SnapshotSection, offset: UInt64, detail: String) {
        self.invariant = invariant
        self.section = section
        self.offset = offset
        self.detail = detail
    }
}
