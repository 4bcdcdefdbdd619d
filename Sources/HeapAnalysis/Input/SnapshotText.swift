import Glibc
import HeapSnapshot
import Linux

/// A snapshot's file as text, read here and there.
struct SnapshotText: Sendable {
    let descriptor: Int32
    /// In bytes.
    let length: UInt64

    /// So near to the end of a section, it is looked for byte by byte.
    private static let nearBytes: UInt64 = 1 << 20
    /// So much tells what kind of rows stand there.
    private static let sampleBytes: UInt64 = 1024

    init(_ descriptor: Int32, _ length: UInt64) {
        self.descriptor = descriptor
        self.length = length
    }

    /// Of one thread.
    final class Buffer {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: EdgeBlocks.mostBytes, alignment: 64)

        deinit {
            bytes.deallocate()
        }
    }

    /// - Returns: what could be read; nil at the end, or for an error.
    func read(into buffer: Buffer, at place: UInt64, before end: UInt64) -> UnsafeRawBufferPointer? {
        guard place < end else { return nil }
        return read(into: buffer.bytes, at: place, before: end)
    }

    private func read(
        into bytes: UnsafeMutableRawBufferPointer, at place: UInt64, before end: UInt64
    ) -> UnsafeRawBufferPointer? {
        let wanted = Int(min(UInt64(bytes.count), end - place))
        let count = try? systemCall { pread(descriptor, bytes.baseAddress, wanted, off_t(place)) }
        guard let count, count > 0 else { return nil }
        return UnsafeRawBufferPointer(rebasing: bytes[..<count])
    }

    /// - Returns: all of it, which is to fit into the buffer; nil where that could not be read.
    func readWhole(_ range: Range<UInt64>, into buffer: Buffer) -> UnsafeRawBufferPointer? {
        guard range.count <= buffer.bytes.count else { return nil }
        var count = 0
        while count < range.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[count...])
            guard let bytes = read(into: rest, at: range.lowerBound + UInt64(count), before: range.upperBound) else {
                return nil
            }
            count += bytes.count
        }
        return UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count])
    }

    /// Where the bracket stands that closes a section of rows: among them stand numbers alone, so the first one does.
    ///
    /// A look here and there approaches it. Where one misleads, what is found is another bracket: who reads up to there does not
    /// find an end.
    /// - Parameters:
    ///   - start: an offset among them, or not far before.
    ///   - isWithin: whether a sample seems to be of that section.
    func end(from start: UInt64, _ buffer: Buffer, isWithin: (UnsafeRawBufferPointer) -> Bool) -> UInt64? {
        var (within, beyond) = (start, length)
        while beyond > within, beyond - within > Self.nearBytes {
            let middle = within + (beyond - within) / 2
            let sample = read(into: buffer, at: middle, before: min(middle + Self.sampleBytes, length))
            if sample.map(isWithin) ?? false { within = middle } else { beyond = middle }
        }
        var place = within
        while let bytes = read(into: buffer, at: place, before: length) {
            if let base = bytes.baseAddress, let found = memchr(base, CInt(UInt8(ascii: "]")), bytes.count) {
                return place + UInt64(UnsafeRawPointer(found) - base)
            }
            place += UInt64(bytes.count)
        }
        return nil
    }

    /// The quote of the key that follows a bracket: after a comma and perhaps white space.
    func keyAfter(_ bracket: UInt64) -> UInt64? {
        var text = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &text, text.count, off_t(bracket))
        guard count > 2, text[0] == UInt8(ascii: "]"), text[1] == UInt8(ascii: ",") else { return nil }
        let blanks = text[2..<count].prefix { $0 == 0x0A || $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }
        guard blanks.endIndex < count, text[blanks.endIndex] == UInt8(ascii: "\"") else { return nil }
        return bracket + UInt64(blanks.endIndex)
    }
}
