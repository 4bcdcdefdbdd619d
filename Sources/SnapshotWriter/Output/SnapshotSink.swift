import HeapSnapshot

/// Where a capture puts its bytes: each goes through the validator and to the output, in one pass.
final class SnapshotSink {
    private let output: any SnapshotOutput
    private var validator = SnapshotValidator()

    init(output: any SnapshotOutput) {
        self.output = output
    }

    /// - Throws: `DumpFailure.invalid` as soon as the bytes cannot become a valid snapshot.
    func write(_ bytes: UnsafeRawBufferPointer) throws(DumpFailure) {
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
