import Glibc
import HeapSnapshot

/// Reads a file by two threads: one takes the nodes, what follows the edges, and then edges from the last one backwards; the other
/// takes edges from the first one on, until they meet.
struct ParallelLoad {
    private let file: SnapshotText
    private let collector: SnapshotCollector

    struct Loaded {
        let verdict: SnapshotVerdict
        let notes: [String]
    }

    /// - Parameters:
    ///   - descriptor: of a regular file, which is read without moving its offset.
    ///   - length: of the document, in bytes.
    init(_ descriptor: Int32, _ length: UInt64, _ collector: SnapshotCollector) {
        file = SnapshotText(descriptor, length)
        self.collector = collector
    }

    /// - Returns: nil where the document is not valid, or is not written as V8 writes it: then it is to be read as a whole.
    func run(_ progress: (LoadSnapshot.Progress) -> Void) -> Loaded? {
        let nodes = Part(SnapshotValidator(into: collector), from: 0)
        let buffer = SnapshotText.Buffer()
        while !nodes.validator.isAmongNodes {
            guard nodes.feed(file, buffer, before: file.length) else { return nil }
        }
        nodes.validator.keepToNodes()
        guard
            let nodesEnd = file.end(
                from: nodes.validator.leastEndOfNodes, buffer, isWithin: { nodes.validator.seemsOfNodes($0) }),
            let start = file.keyAfter(nodesEnd),
            let edgesEnd = file.end(from: start, buffer, isWithin: { nodes.validator.seemsOfEdges($0) }),
            var blocks = nodes.validator.edgeBlocks()
        else { return nil }

        let edges = Part(nodes.validator.validatorAfterNodes(at: start), from: start)
        let rest = Part(nodes.validator.validatorAfterEdges(at: edgesEnd + 1), from: edgesEnd + 1)
        let claims = EdgeClaims(from: start, to: edgesEnd + 1, fieldCount: nodes.validator.edgeFieldCount)
        let thread = Worker { [file] in
            let buffer = SnapshotText.Buffer()
            while let end = claims.claimNext(UInt64(buffer.bytes.count)), !claims.isGivenUp {
                while edges.place < end {
                    guard edges.feed(file, buffer, before: end) else { return claims.giveUp() }
                }
            }
        }
        var backwards: UInt64 = 0
        func report() {
            let done = nodes.place + (edges.place - start) + (rest.place - edgesEnd - 1) + backwards
            progress(LoadSnapshot.Progress(bytes: done, fraction: Double(done) / Double(file.length)))
        }
        func read(_ part: Part, before end: UInt64) -> Bool {
            while part.place < end {
                guard !claims.isGivenUp, part.feed(file, buffer, before: end) else { return false }
                report()
            }
            return true
        }
        var isWhole = read(nodes, before: start) && read(rest, before: file.length)
        while isWhole, let rows = claims.takeLast(file, buffer) {
            isWhole = blocks.take(rows)
            backwards += UInt64(rows.count)
            report()
        }
        if !isWhole { claims.giveUp() }
        while !thread.ends(within: .milliseconds(50)) { report() }
        guard !claims.isGivenUp,
            let verdict = nodes.validator.verdict(
                edgesFrom: start, edges.validator, to: claims.meeting, blocks, rest.validator)
        else { return nil }
        return Loaded(verdict: verdict, notes: nodes.validator.notes + edges.validator.notes + rest.validator.notes)
    }

    /// What one of the validators works on.
    private final class Part: @unchecked Sendable {
        var validator: SnapshotValidator
        /// The offset of what comes next. Read while it changes, for people: any of its values will do.
        @exclusivity(unchecked) private(set) var place: UInt64

        init(_ validator: consuming SnapshotValidator, from place: UInt64) {
            self.validator = validator
            self.place = place
        }

        /// - Returns: false where nothing could be read, or what was read is wrong.
        func feed(_ file: SnapshotText, _ buffer: SnapshotText.Buffer, before end: UInt64) -> Bool {
            guard let bytes = file.read(into: buffer, at: place, before: end) else { return false }
            validator.feed(bytes)
            place += UInt64(bytes.count)
            return validator.verdictSoFar == nil
        }
    }
}
