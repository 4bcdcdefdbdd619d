import Glibc

/// Where the bytes of a snapshot go. Nothing appears under the final name before `publish`.
protocol SnapshotOutput: AnyObject {
    /// Writes all of it.
    func write(_ bytes: UnsafeRawBufferPointer) throws(DumpFailure)
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
}

struct PublishedSnapshot {
    /// Absolute; nil for standard output.
    let path: String?
    let warnings: [String]
}
