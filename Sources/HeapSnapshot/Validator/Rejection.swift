/// Why scanning ended before the document did.
enum Rejection: Error {
    /// The document cannot be a snapshot; the file's first bytes tell what it is if `reason` is nil.
    case foreign(reason: String?)
    /// An invariant does not hold. `section` is nil for the one being scanned.
    case broken(SnapshotInvariant, offset: UInt64, detail: String, section: SnapshotSection?)

    @inline(never)
    static func breaks(
        _ invariant: SnapshotInvariant, at offset: UInt64, in section: SnapshotSection? = nil, _ detail: String
    ) -> Rejection {
        .broken(invariant, offset: offset, detail: detail, section: section)
    }
}
