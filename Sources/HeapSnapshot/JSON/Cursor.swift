/// A position in one chunk of the document. Valid as long as the chunk.
struct Cursor {
    let bytes: UnsafePointer<UInt8>
    var index: Int
    let end: Int
    /// The offset of the chunk's first byte in the document.
    let base: UInt64

    @inline(__always)
    var isAtEnd: Bool { index >= end }

    /// The offset of the current byte in the document.
    @inline(__always)
    var offset: UInt64 { base &+ UInt64(truncatingIfNeeded: index) }

    /// Steps over white space and returns the byte after it, nil at the end of the chunk. Does not consume that byte.
    @inline(__always)
    mutating func nextToken() -> UInt8? {
        while index < end {
            let byte = bytes[index]
            if !byte.isJSONWhiteSpace { return byte }
            index &+= 1
        }
        return nil
    }
}

extension UInt8 {
    @inline(__always)
    var isJSONWhiteSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }

    @inline(__always)
    var isDigit: Bool { self &- UInt8(ascii: "0") <= 9 }
}
