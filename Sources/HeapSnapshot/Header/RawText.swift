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
        bytes.reserveCapacity(literal.count)
        var index = literal.startIndex &+ 1
        let end = literal.endIndex &- 1
        while index < end {
            guard literal[index] == UInt8(ascii: "\\") else {
                bytes.append(literal[index])
                index &+= 1
                continue
            }
            let escaped = literal[index &+ 1]
            guard escaped == UInt8(ascii: "u") else {
                bytes.append(Self.character(escaped))
                index &+= 2
                continue
            }
            var code = Self.codeUnit(literal, at: index &+ 2)
            index &+= 6
            if code & 0xFC00 == 0xD800, index &+ 6 <= end, literal[index] == UInt8(ascii: "\\"),
                literal[index &+ 1] == UInt8(ascii: "u")
            {
                let low = Self.codeUnit(literal, at: index &+ 2)
                if low & 0xFC00 == 0xDC00 {
                    code = 0x10000 &+ (code & 0x3FF) &<< 10 &+ (low & 0x3FF)
                    index &+= 6
                }
            }
            append(code)
        }
    }

    /// What the letter after a backslash stands for.
    private static func character(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }

    private static func codeUnit(_ literal: ArraySlice<UInt8>, at start: Int) -> UInt32 {
        literal[start..<start &+ 4].reduce(0) { code, digit in
            let value = digit.isDigit ? digit &- UInt8(ascii: "0") : (digit | 0x20) &- UInt8(ascii: "a") &+ 10
            return code &<< 4 | UInt32(value)
        }
    }

    private mutating func append(_ code: UInt32) {
        func tail(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: 0x80 | (code &>> shift) & 0x3F) }
        switch code {
        case ..<0x80: bytes.append(UInt8(truncatingIfNeeded: code))
        case ..<0x800: bytes += [UInt8(truncatingIfNeeded: 0xC0 | code &>> 6), tail(0)]
        case ..<0x10000: bytes += [UInt8(truncatingIfNeeded: 0xE0 | code &>> 12), tail(6), tail(0)]
        default: bytes += [UInt8(truncatingIfNeeded: 0xF0 | code &>> 18), tail(12), tail(6), tail(0)]
        }
    }
}
