import Glibc
import NIOCore

/// A piece of the snapshot as it stands in an inspector message: the content of a JSON string, still escaped, so that
/// it is decoded once, straight into the writer's buffer, a portion at a time.
public struct SnapshotChunk {
    /// What is not decoded yet.
    private var escaped: ByteBuffer

    /// V8 writes the message in exactly this form; any other takes the way through the general JSON decoder.
    private static let prefix: StaticString = #"{"method":"HeapProfiler.addHeapSnapshotChunk","params":{"chunk":""#
    private static let suffix: StaticString = #""}}"#

    /// - Returns: nil where the message is not a chunk in V8's usual form.
    init?(escapedIn message: ByteBuffer) {
        let prefixCount = Self.prefix.utf8CodeUnitCount
        let suffixCount = Self.suffix.utf8CodeUnitCount
        let count = message.readableBytes
        guard count >= prefixCount + suffixCount else { return nil }
        let matches = message.withUnsafeReadableBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            return memcmp(base, Self.prefix.utf8Start, prefixCount) == 0
                && memcmp(base + (count - suffixCount), Self.suffix.utf8Start, suffixCount) == 0
        }
        guard matches,
            let content = message.getSlice(
                at: message.readerIndex + prefixCount, length: count - prefixCount - suffixCount)
        else { return nil }
        escaped = content
    }

    /// Decoded text, from the general JSON decoder.
    init(text: String) {
        var buffer = ByteBuffer()
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\"") { buffer.writeInteger(UInt8(ascii: "\\")) }
            buffer.writeInteger(byte)
        }
        escaped = buffer
    }

    /// Decodes the next bytes of the snapshot file into `output`, in UTF-8; unpaired surrogates as their three bytes.
    /// - Parameter output: 8 bytes at least.
    /// - Returns: how many bytes were written; 0 at the chunk's end.
    /// - Throws: `InspectorError.closed` where the text is not the content of a JSON string.
    public mutating func decode(into output: UnsafeMutableRawBufferPointer) throws(InspectorError) -> Int {
        let decoded = escaped.withUnsafeReadableBytes { bytes in JSONStringDecoder.decode(bytes, into: output) }
        guard let decoded else { throw .closed(reason: "a snapshot chunk is not a JSON string") }
        escaped.moveReaderIndex(forwardBy: decoded.taken)
        return decoded.written
    }
}
