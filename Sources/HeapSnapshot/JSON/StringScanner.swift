/// Checks the body of one JSON string, from after the opening quote to the closing one, across any number of chunks.
///
/// Escaped lone surrogates and surrogates in WTF-8 (ED A0…BF xx) pass: JavaScript strings hold them, and producers
/// other than V8 write them.
struct StringScanner {
    private enum State: UInt8 {
        case text, escape, hexDigits, continuation
    }

    private var state = State.text
    /// Hex digits or continuation bytes still to come.
    private var pending: UInt8 = 0
    /// The range of the next continuation byte, which excludes overlong forms and code points above U+10FFFF.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF
    private(set) var isEmpty = true

    /// Begins the next string.
    @inline(__always)
    mutating func begin() {
        isEmpty = true
    }

    /// Returns true once the closing quote is consumed, false at the end of the chunk.
    mutating func scan(_ cursor: inout Cursor) throws(Rejection) -> Bool {
        while !cursor.isAtEnd {
            if state == .text {
                let start = cursor.index
                cursor.index = Self.skipPlainText(cursor.bytes, from: start, to: cursor.end)
                if cursor.index > start { isEmpty = false }
                if cursor.isAtEnd { return false }
                let byte = cursor.bytes[cursor.index]
                if byte == UInt8(ascii: "\"") {
                    cursor.index &+= 1
                    return true
                }
                isEmpty = false
            }
            try step(cursor.bytes[cursor.index], at: cursor.offset)
            cursor.index &+= 1
        }
        return false
    }

    /// Takes one byte that is not plain text.
    private mutating func step(_ byte: UInt8, at offset: UInt64) throws(Rejection) {
        switch state {
        case .text:
            if byte == UInt8(ascii: "\\") {
                state = .escape
            } else if byte < 0x20 {
                throw .breaks(.jsonSyntax, at: offset, "a control character stands in a string without an escape")
            } else {
                try beginSequence(byte, at: offset)
            }
        case .escape:
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
                UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                state = .text
            case UInt8(ascii: "u"):
                state = .hexDigits
                pending = 4
            default:
                throw .breaks(.jsonSyntax, at: offset, "a backslash is followed by a character that cannot be escaped")
            }
        case .hexDigits:
            guard byte.isDigit || (byte | 0x20) &- UInt8(ascii: "a") < 6 else {
                throw .breaks(.jsonSyntax, at: offset, "a \\u escape has fewer than four hexadecimal digits")
            }
            pending &-= 1
            if pending == 0 { state = .text }
        case .continuation:
            guard byte >= lowest, byte <= highest else {
                throw .breaks(.utf8Encoding, at: offset, "a multi-byte UTF-8 sequence is overlong, cut or out of range")
            }
            lowest = 0x80
            highest = 0xBF
            pending &-= 1
            if pending == 0 { state = .text }
        }
    }

    private mutating func beginSequence(_ byte: UInt8, at offset: UInt64) throws(Rejection) {
        switch byte {
        case 0xC2...0xDF: pending = 1
        case 0xE0...0xEF: pending = 2
        case 0xF0...0xF4: pending = 3
        default: throw .breaks(.utf8Encoding, at: offset, "a byte cannot begin a UTF-8 sequence")
        }
        lowest = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80
        highest = byte == 0xF4 ? 0x8F : 0xBF
        state = .continuation
    }

    /// The index of the first byte that is a quote, a backslash, a control character or not ASCII, else `end`.
    @inline(__always)
    private static func skipPlainText(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highBits: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while end &- index >= 8 {
            let word = UInt64(
                littleEndian: UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            // A borrow can only flag bytes above the first true hit, so the lowest flag is exact.
            let low = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word
            let stops = (low | word) & highBits
            if stops != 0 { return index &+ stops.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < end {
            let byte = bytes[index]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 || byte >= 0x80 { return index }
            index &+= 1
        }
        return end
    }
}
