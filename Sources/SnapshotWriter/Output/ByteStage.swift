import HeapSnapshot

/// A stage on the way of a snapshot's bytes, from where they come from to the file or standard output: each does one thing with them and
/// passes them on. They are made anew for each try.
protocol ByteStage: AnyObject {
    /// Takes all of it.
    func write(_ bytes: UnsafeRawBufferPointer) throws(DumpFailure)
}

/// Ends what goes on without end: a hostile target could fill the disk with what looks valid.
final class SizeLimit: ByteStage {
    private let next: any ByteStage
    private let limit: () -> UInt64
    private var mostBytes: UInt64
    private var bytesWritten: UInt64 = 0

    /// - Parameter limit: more bytes than any snapshot of the target could have as it is now.
    init(_ next: any ByteStage, limit: @escaping () -> UInt64) {
        self.next = next
        self.limit = limit
        mostBytes = limit()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(DumpFailure) {
        bytesWritten += UInt64(bytes.count)
        if bytesWritten > mostBytes {
            // It may have grown since.
            mostBytes = max(mostBytes, limit())
            if bytesWritten > mostBytes { throw .endless(bytes: mostBytes, kept: nil) }
        }
        try next.write(bytes)
    }
}

/// Checks what it passes on.
final class Validation: ByteStage {
    private let next: any ByteStage
    private var validator = SnapshotValidator()

    init(_ next: any ByteStage) { self.next = next }

    /// - Throws: `DumpFailure.invalid` as soon as the bytes cannot become a valid snapshot.
    func write(_ bytes: UnsafeRawBufferPointer) throws(DumpFailure) {
        validator.feed(bytes)
        try next.write(bytes)
        if let verdict = validator.verdictSoFar { throw .invalid(verdict, kept: nil) }
    }

    /// What a reader of the snapshot should know although it is valid.
    var notes: [String] { validator.notes }

    var progress: SnapshotProgress { validator.progress }

    /// The verdict on all that was written; nothing may be written afterwards.
    func finish() -> SnapshotVerdict { validator.finish() }
}
