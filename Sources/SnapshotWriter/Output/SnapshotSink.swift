import HeapSnapshot

/// Where a capture puts its bytes: each goes through the validator and to the output, in one pass.
final class SnapshotSink {
    private let output: any SnapshotOutput
    private var validator = SnapshotValidator()
    private let limit: () -> UInt64
    private var mostBytes: UInt64
    private var bytesWritten: UInt64 = 0

    /// - Parameter limit: more bytes than any snapshot of the target could have as it is now: a hostile one may send without end
    ///   what looks valid, and fill the disk.
    init(output: any SnapshotOutput, limit: @escaping () -> UInt64) {
        self.output = output
        self.limit = limit
        mostBytes = limit()
    }

    /// - Throws: `DumpFailure.invalid` as soon as the bytes cannot become a valid snapshot.
    func write(_ bytes: UnsafeRawBufferPointer) throws(DumpFailure) {
        bytesWritten += UInt64(bytes.count)
        if bytesWritten > mostBytes {
            // It may have grown since.
            mostBytes = max(mostBytes, limit())
            if bytesWritten > mostBytes { throw .endless(bytes: mostBytes, kept: nil) }
        }
        validator.feed(bytes)
        try output.write(bytes)
        if let verdict = validator.verdictSoFar { throw .invalid(verdict, kept: nil) }
    }

    /// What a reader of the snapshot should know although it is valid.
    var notes: [String] { validator.notes }

    var progress: SnapshotProgress { validator.progress }

    /// The verdict on all that was written; nothing may be written afterwards.
    func finish() -> SnapshotVerdict { validator.finish() }
}
