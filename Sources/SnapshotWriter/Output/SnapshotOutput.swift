import Linux

/// Where the bytes of a snapshot go. Nothing appears under the final name before `publish`.
protocol SnapshotOutput: ByteStage {
    /// Whether a write may wait for a server: the target must not wait with it.
    var isRemote: Bool { get }
    /// nil where nobody can tell.
    var room: OutputRoom? { get }
    /// Takes back what was written, for another try.
    /// - Returns: false where that cannot be.
    func restart() throws(OutputError) -> Bool
    /// Makes the snapshot durable and visible.
    func publish() throws -> PublishedSnapshot
    /// Keeps what was written although it is not valid.
    /// - Returns: its path, nil where that was not asked for or is not possible.
    func keepPartial() throws(OutputError) -> String?

    /// Whether this very file stands where the output goes.
    func isPlace(of file: FileIdentity) -> Bool
    /// Makes that file durable, which somebody else has written.
    func publishInPlace(_ file: Int32) throws(OutputError) -> PublishedSnapshot
    /// Takes a finished file, which stands elsewhere, in the place of what was written here.
    /// - Parameter file: of a regular file of our own; it stays the caller's.
    /// - Returns: false where that cannot be.
    func adopt(_ file: Int32) -> Bool
}

/// Of an output that is no file.
extension SnapshotOutput {
    func isPlace(of file: FileIdentity) -> Bool { false }
    func publishInPlace(_ file: Int32) throws(OutputError) -> PublishedSnapshot {
        PublishedSnapshot(path: nil, warnings: [])
    }
    func adopt(_ file: Int32) -> Bool { false }
}

struct PublishedSnapshot {
    /// Absolute; nil for standard output.
    let path: String?
    let warnings: [String]
}
