@testable import SnapshotWriter

/// A reader of standard output: what it has got cannot be taken back. It keeps nothing.
final class FakeOutput: SnapshotOutput {
    private(set) var bytes = 0
    private(set) var isPublished = false

    var isRemote: Bool { false }
    var room: OutputRoom? { nil }
    func write(_ bytes: UnsafeRawBufferPointer) throws(DumpFailure) { self.bytes += bytes.count }
    func restart() throws(OutputError) -> Bool { bytes == 0 }
    func keepPartial() throws(OutputError) -> String? { nil }

    func publish() throws -> PublishedSnapshot {
        isPublished = true
        return PublishedSnapshot(path: nil, warnings: [])
    }
}
