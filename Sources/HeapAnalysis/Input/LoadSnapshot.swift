public import HeapSnapshot
public import SnapshotReading

/// Reads a snapshot into memory, and checks it on the way.
public enum LoadSnapshot {
    public enum Failure: Error {
        case input(InputError)
        /// It is no valid snapshot.
        case verdict(SnapshotVerdict)
        case obstacle(SnapshotCollector.Obstacle)
    }

    public struct Loaded: Sendable {
        public let columns: SnapshotColumns
        public let counts: SnapshotCounts
        /// What was not checked, and what a reader may stumble over.
        public let notes: [String]
    }

    /// - Parameters:
    ///   - admit: asked once, when the counts are known, whether there is memory for so many nodes and edges.
    ///   - progress: shown now and then how far it has come.
    public static func load(
        _ input: SnapshotInput,
        admit: @escaping @Sendable (_ nodes: UInt64, _ edges: UInt64) -> Bool = { _, _ in true },
        progress: (SnapshotProgress) -> Void = { _ in }
    ) throws(Failure) -> Loaded {
        let descriptor: Int32
        do { descriptor = try input.open() } catch { throw .input(error) }
        let collector = SnapshotCollector(documentBytes: SnapshotInput.plainLength(descriptor), admit: admit)
        var validator = SnapshotValidator(into: collector)
        do throws(InputError) {
            let reader = ChunkReader(descriptor)
            defer { reader.stop() }
            // What comes after the first fault cannot make the file valid: a hostile pipe need not be read to its end.
            while validator.verdictSoFar == nil, let chunk = try reader.next() {
                validator.feed(chunk)
                progress(validator.progress)
            }
        } catch {
            throw .input(error)
        }
        let verdict = validator.finish()
        guard case .valid(let counts) = verdict else { throw .verdict(verdict) }
        do {
            return Loaded(columns: try collector.finish(), counts: counts, notes: validator.notes)
        } catch {
            throw .obstacle(error)
        }
    }
}
