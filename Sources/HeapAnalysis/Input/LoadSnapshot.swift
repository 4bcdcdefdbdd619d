import CLinux
public import HeapSnapshot
import Linux
public import SnapshotReading

/// Reads a snapshot into memory, and checks it on the way.
public enum LoadSnapshot {
    public enum Failure: Error {
        case input(InputError)
        /// What was read is no valid snapshot, and how it was compressed.
        case verdict(SnapshotVerdict, Compression?)
        case obstacle(SnapshotCollector.Obstacle)
        /// Its sizes add up to more than `mostBytes`: it was made to be too large to count.
        case beyondAnyHeap
    }

    /// So that no sum of objects' sizes can exceed 63 bits, whatever the file.
    private static let mostBytes: UInt64 = 1 << 60

    public struct Loaded: Sendable {
        public let columns: SnapshotColumns
        public let counts: SnapshotCounts
        /// What was not checked, and what a reader may stumble over.
        public let notes: [String]
    }

    /// How far it has come.
    public struct Progress: Sendable {
        public var bytes: UInt64
        /// From 0 to 1; nil where it is not known.
        public var fraction: Double?
    }

    /// - Parameters:
    ///   - parallelFrom: in bytes: of smaller files, a second thread is not worth its start.
    ///   - admit: asked once, when the counts are known, whether there is memory for so many nodes and edges.
    ///   - progress: shown now and then how far it has come.
    public static func load(
        _ input: SnapshotInput, parallelFrom: UInt64 = 8 << 20,
        admit: @escaping @Sendable (_ nodes: UInt64, _ edges: UInt64) -> Bool = { _, _ in true },
        progress: (Progress) -> Void = { _ in }
    ) throws(Failure) -> Loaded {
        // Columns are few and large, and what is freed early must not count at the peak.
        clinux_map_large_blocks(128 << 10)
        let file: Descriptor
        do { file = try input.open() } catch { throw .input(error) }
        let length = SnapshotInput.plainLength(file.raw)
        if let length, length >= parallelFrom {
            let collector = SnapshotCollector(documentBytes: length, admit: admit)
            if let loaded = ParallelLoad(file.raw, length, collector).run(progress) {
                return try keep(loaded.verdict, nil, collector, notes: loaded.notes)
            }
            // Whatever was wrong: read from the beginning, it is told as `check` tells it.
        }
        let collector = SnapshotCollector(documentBytes: length, admit: admit)
        var validator = SnapshotValidator(into: collector)
        var compression: Compression?
        do throws(InputError) {
            let reader = ChunkReader(file, admit: { MemoryGuard.shared.admits($0) })
            defer { reader.stop() }
            // What comes after the first fault cannot make the file valid: a hostile pipe need not be read to its end.
            // Nor one that grows beyond the memory that is there.
            while validator.verdictSoFar == nil, !collector.isFull, let chunk = try reader.next() {
                compression = reader.compression
                validator.feed(chunk)
                let state = validator.progress
                progress(Progress(bytes: state.bytes, fraction: state.fractionComplete))
            }
        } catch {
            throw .input(error)
        }
        if validator.verdictSoFar == nil, collector.isFull { throw .obstacle(.growth) }
        return try keep(validator.finish(), compression, collector, notes: validator.notes)
    }

    private static func keep(
        _ verdict: SnapshotVerdict, _ compression: Compression?, _ collector: SnapshotCollector, notes: [String]
    ) throws(Failure) -> Loaded {
        guard case .valid(let counts) = verdict else { throw .verdict(verdict, compression) }
        let columns: SnapshotColumns
        do { columns = try collector.finish() } catch { throw .obstacle(error) }
        guard counts.totalSelfSize < mostBytes, columns.extraNativeBytes < mostBytes else { throw .beyondAnyHeap }
        return Loaded(columns: columns, counts: counts, notes: notes)
    }
}
