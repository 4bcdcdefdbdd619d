/// The bytes that a JSON string stands for.
///
/// Not a String: two of those are equal where `é` is one code point in the one and two in the other, and none holds a
/// lone surrogate. In JavaScript both make for keys of their own.
struct RawText: Hashable, ExpressibleByStringLiteral {
    private(set) var bytes: [UInt8] = []

    init(stringLiteral value: StaticString) {
        bytes = value.withUTF8Buffer { [UInt8]($0) }
    }

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// Reads a string that is known to be well-formed, with its quotes. Lone surrogates become WTF-8.
    init(literal: ArraySlice<UInt8>) {
        bytes = Array(literal.dropFirst().dropLast())
        let count = bytes.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { JSONText.unescape($0, buffer.count) } ?? 0
        }
        bytes.removeLast(bytes.count - count)
    }

    var string: String { String(decoding: bytes, as: UTF8.self) }
}
