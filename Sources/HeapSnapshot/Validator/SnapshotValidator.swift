/// Checks a `.heapsnapshot` document as it streams by.
///
/// One pass, any chunking, memory bounded on any input: a few KB, two bits for each node id V8 writes, and at most
/// `idMemoryLimit` for any other ids. The rules are those of V8's `HeapSnapshotJSONSerializer`
/// (`src/profiler/heap-snapshot-generator.cc`) and of what DevTools' `HeapSnapshotLoader.ts` needs in order to load
/// the document at all.
public struct SnapshotValidator: ~Copyable {
    /// The memory that the check for unique ids may take, in bytes.
    static let defaultIDMemoryLimit = 512 << 20

    enum State {
        case beforeObject, firstKey, firstKeyName, key, keyName, colon, value, body, commaOrEnd, end
    }

    var state = State.beforeObject
    var section = SnapshotSection.document
    var bytesFed: UInt64 = 0
    var rejection: Rejection?
    var prefix: [UInt8] = []

    // The key or the header being read.
    var buffer: [UInt8] = []
    var bufferOffset: UInt64 = 0
    var keyScanner = StringScanner()
    var isKeyOverlong = false
    /// Whether white space stands between `"snapshot"` and its colon.
    var hasSpaceBeforeHeader = false

    var seenSections: Set<SnapshotSection> = []
    var lastSection = SnapshotSection.document
    var header: SnapshotHeader?
    var valueScanner = ValueScanner()
    var rowScanner = RowScanner(width: 1)
    var nodes = NodeRows()
    var edges = EdgeRows()
    var traceFunctions = ReferenceRows()
    var traceTree = TraceTreeRows(nil, functionCount: 0)
    var references = ReferenceRows()
    var strings = StringRows(rootName: 0)
    /// Of a validator that has not seen the nodes itself.
    var knownRootName: UInt64?
    /// Of one that checks a part of the document: the sections that it may meet. Others are kept by somebody else at the same time.
    var ownSections: Set<SnapshotSection>?
    let idMemoryLimit: Int
    /// Keeps what passes; nil where it is only checked.
    let collector: SnapshotCollector?

    /// - Parameter collector: takes what passes. It is bounded by what the document holds, not by `idMemoryLimit`.
    public init(into collector: SnapshotCollector? = nil) {
        self.init(idMemoryLimit: Self.defaultIDMemoryLimit, into: collector)
    }

    init(idMemoryLimit: Int, into collector: SnapshotCollector? = nil) {
        self.idMemoryLimit = idMemoryLimit
        self.collector = collector
    }

    /// Takes the next bytes of the document, any number of them. After the first inconsistency it only counts them.
    public mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        if prefix.count < ForeignFile.prefixLength {
            prefix.append(contentsOf: bytes.prefix(ForeignFile.prefixLength &- prefix.count))
        }
        if rejection == nil {
            var cursor = Cursor(
                bytes: start.assumingMemoryBound(to: UInt8.self), index: 0, end: bytes.count, base: bytesFed)
            do throws(Rejection) {
                try advance(&cursor)
            } catch {
                rejection = error
            }
        }
        bytesFed &+= UInt64(bytes.count)
    }

    /// The verdict as soon as the document is known not to be valid, nil until then. It does not change any more.
    public var verdictSoFar: SnapshotVerdict? {
        // What the document is instead, more of its first bytes may tell.
        if case .foreign(reason: nil) = rejection, prefix.count < ForeignFile.prefixLength { return nil }
        return verdictOfRejection
    }

    private var verdictOfRejection: SnapshotVerdict? {
        switch rejection {
        case nil: nil
        case .foreign(let reason): .notASnapshot(reason.map { ForeignFile(reason: $0) } ?? ForeignFile(prefix))
        case .broken(let invariant, let offset, let detail, let place):
            .inconsistent(
                SnapshotInconsistency(invariant: invariant, section: place ?? section, offset: offset, detail: detail))
        }
    }

    /// The verdict on a document that ends here.
    public mutating func finish() -> SnapshotVerdict {
        if let verdictOfRejection { return verdictOfRejection }
        if bytesFed == 0 { return .empty }
        guard state == .end else { return .truncated(section: section, offset: bytesFed) }
        return .valid(
            SnapshotCounts(
                bytes: bytesFed, nodes: nodes.count, edges: edges.count, strings: strings.count,
                totalSelfSize: nodes.totalSelfSize))
    }

    /// How far the validator has come.
    public var progress: SnapshotProgress {
        var fraction: Double?
        if let header {
            fraction = SnapshotProgress.fraction(
                nodes: nodes.count, of: header.nodeCount, edges: edges.count, of: header.edgeCount,
                strings: strings.count, ended: state == .end)
        }
        return SnapshotProgress(
            bytes: bytesFed, section: section, declaredNodes: header?.nodeCount, declaredEdges: header?.edgeCount,
            nodes: nodes.count, edges: edges.count, strings: strings.count, fractionComplete: fraction)
    }

    /// What was not checked, and why, and what a reader may stumble over; empty where there is nothing of the kind.
    public var notes: [String] {
        var notes: [String] = []
        if hasSpaceBeforeHeader {
            notes.append(
                "White space stands between \"snapshot\" and its colon: DevTools would wait for ever for such a file.")
        }
        if nodes.hasForeignRoot {
            notes.append("The root has the id 0, where V8 writes 1: another program wrote this file, such as Julia.")
        }
        if nodes.unlistedTypeCount > 0 {
            let count = nodes.unlistedTypeCount
            notes.append(
                "\(count) \(count == 1 ? "node has" : "nodes have") a type that the header does not list, as in files of "
                    + "old V8: 12 is shown as symbol, any other by its number.")
        }
        if !nodes.checkedEveryID {
            notes.append(
                "Whether the node ids are unique is not known: to compare them takes over \(idMemoryLimit >> 20) MiB.")
        }
        if let declared = header?.traceFunctionCount, declared > 0, traceFunctions.count > declared {
            // V8 itself writes such files while it records allocations, so it is no inconsistency.
            notes.append(
                "There are \(traceFunctions.count) rows of trace_function_infos where \(declared) are declared, and "
                    + "DevTools may wait for ever for such a file: take the snapshot while no allocations are recorded."
            )
        }
        return notes
    }
}

// Each pointer within belongs to this value alone, which cannot be copied.
extension SnapshotValidator: @unchecked Sendable {}
