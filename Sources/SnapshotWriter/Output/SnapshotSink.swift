import HeapSnapshot

/// Where a capture puts its bytes: one try's stages in a row.
final class SnapshotSink: ByteStage {
    private let first: any ByteStage
    private let validation: Validation

    /// - Parameter limit: more bytes than any snapshot of the target could have as it is now.
    init(output: any SnapshotOutput, limit: @escaping () -> UInt64) {
        validation = Validation(output)
        first = SizeLimit(validation, limit: limit)
    }

    /// - Throws: `DumpFailure.invalid` as soon as the bytes cannot become a valid snapshot.
    func write(_ bytes: UnsafeRawBufferPointer) throws(DumpFailure) { try first.write(bytes) }

    /// What a reader of the snapshot should know although it is valid.
    var notes: [String] { validation.notes }

    var progress: SnapshotProgress { validation.progress }

    /// The verdict on all that was written; nothing may be written afterwards.
    func finish() -> SnapshotVerdict { validation.finish() }
}
