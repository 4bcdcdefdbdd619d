import Glibc
import HeapSnapshot

/// Reads a file by two threads: one the nodes, the other all that follows them.
struct TwoPartLoad {
    /// Of smaller files, a second thread is not worth its start.
    static let leastBytes: UInt64 = 8 << 20
    private static let chunkBytes = 256 << 10

    private let descriptor: Int32
    private let length: UInt64
    private let collector: SnapshotCollector

    struct Loaded {
        let verdict: SnapshotVerdict
        let notes: [String]
    }

    /// - Parameters:
    ///   - descriptor: of a regular file, which is read without moving its offset.
    ///   - length: of the document, in bytes.
    init(_ descriptor: Int32, _ length: UInt64, _ collector: SnapshotCollector) {
        self.descriptor = descriptor
        self.length = length
        self.collector = collector
    }

    /// - Returns: nil where the document is not valid, or is not written as V8 writes it: then it is to be read as a whole.
    func run(_ progress: (LoadSnapshot.Progress) -> Void) -> Loaded? {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunkBytes, alignment: 64)
        defer { buffer.deallocate() }
        var nodes = SnapshotValidator(into: collector)
        var place: UInt64 = 0
        while !nodes.isAmongNodes {
            guard place < length, nodes.verdictSoFar == nil, let bytes = read(into: buffer, at: place, before: length)
            else { return nil }
            nodes.feed(bytes)
            place += UInt64(bytes.count)
        }
        guard let start = endOfNodes(from: nodes.leastEndOfNodes, buffer) else { return nil }

        let rest = Rest(nodes.validatorAfterNodes(at: start))
        let thread = Worker { [self] in
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunkBytes, alignment: 64)
            defer { buffer.deallocate() }
            var place = start
            while place < length, rest.validator.verdictSoFar == nil,
                let bytes = read(into: buffer, at: place, before: length)
            {
                rest.validator.feed(bytes)
                place += UInt64(bytes.count)
                rest.bytes = place - start
            }
            rest.isWhole = place == length
        }
        while place < start, nodes.verdictSoFar == nil, let bytes = read(into: buffer, at: place, before: start) {
            nodes.feed(bytes)
            place += UInt64(bytes.count)
            let done = place + rest.bytes
            progress(LoadSnapshot.Progress(bytes: done, fraction: Double(done) / Double(length)))
        }
        while !thread.ends(within: .milliseconds(50)) {
            let done = place + rest.bytes
            progress(LoadSnapshot.Progress(bytes: done, fraction: Double(done) / Double(length)))
        }
        guard rest.isWhole, let verdict = nodes.verdict(with: rest.validator, from: start) else { return nil }
        return Loaded(verdict: verdict, notes: nodes.notes + rest.validator.notes)
    }

    /// What the other thread works on.
    private final class Rest: @unchecked Sendable {
        var validator: SnapshotValidator
        /// Read while it changes, for people: any of its values will do.
        @exclusivity(unchecked) var bytes: UInt64 = 0
        var isWhole = false

        init(_ validator: consuming SnapshotValidator) {
            self.validator = validator
        }
    }

    /// - Returns: what could be read; nil at the end, or for an error.
    private func read(
        into buffer: UnsafeMutableRawBufferPointer, at place: UInt64, before end: UInt64
    ) -> UnsafeRawBufferPointer? {
        let wanted = Int(min(UInt64(buffer.count), end - place))
        while true {
            let count = pread(descriptor, buffer.baseAddress, wanted, off_t(place))
            if count < 0, errno == EINTR { continue }
            return count > 0 ? UnsafeRawBufferPointer(rebasing: buffer[..<count]) : nil
        }
    }

    /// Where the key after the nodes begins: among them stand numbers alone, so the first bracket ends them.
    private func endOfNodes(from least: UInt64, _ buffer: UnsafeMutableRawBufferPointer) -> UInt64? {
        var place = least
        while place < length, let bytes = read(into: buffer, at: place, before: length) {
            if let base = bytes.baseAddress, let found = memchr(base, 0x5D, bytes.count) {
                return keyAfter(place + UInt64(UnsafeRawPointer(found) - base))
            }
            place += UInt64(bytes.count)
        }
        return nil
    }

    /// After the bracket come a comma, perhaps white space, and the quote of the key.
    private func keyAfter(_ bracket: UInt64) -> UInt64? {
        var text = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &text, text.count, off_t(bracket))
        guard count > 2, text[0] == UInt8(ascii: "]"), text[1] == UInt8(ascii: ",") else { return nil }
        let blanks = text[2..<count].prefix { $0 == 0x0A || $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
        guard blanks.endIndex < count, text[blanks.endIndex] == UInt8(ascii: "\"") else { return nil }
        return bracket + UInt64(blanks.endIndex)
    }
}
