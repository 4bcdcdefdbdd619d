/// How much may be written where the snapshot goes.
public struct OutputRoom: Sendable, Equatable {
    /// The directory.
    public let path: String
    /// Left for this user: free on the file system, and by the quota.
    public let bytes: UInt64

    public init(path: String, bytes: UInt64) {
        self.path = path
        self.bytes = bytes
    }

    /// - Returns: nil where the snapshot of such a heap fits, or nobody can tell.
    func shortage(_ estimate: DumpEstimate) -> OutputError? {
        let needed = estimate.likelySnapshotBytes
        return needed > bytes ? .tooLittleSpace(path: path, available: bytes, needed: needed) : nil
    }
}
