import Glibc

/// The escapes of JSON's strings.
enum JSONText {
    /// Replaces the escapes of a well-formed string by what they stand for, in place: that is never longer. Lone surrogates
    /// become WTF-8.
    /// - Returns: the new length.
    @inline(__always)
    static func unescape(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
        guard count > 0, let first = memchr(bytes, 0x5C, count) else { return count }
        return unescape(bytes, from: first.assumingMemoryBound(to: UInt8.self) - bytes, count)
    }

    @inline(never)
    private static func unescape(_ bytes: UnsafeMutablePointer<UInt8>, from first: Int, _ count: Int) -> Int {
        var read = first
        var write = first
        while read < count {
            let byte = bytes[read]
            guard byte == UInt8(ascii: "\\"), read &+ 1 < count else {
                bytes[write] = byte
                read &+= 1
                write &+= 1
                continue
            }
            let letter = bytes[read &+ 1]
            guard letter == UInt8(ascii: "u"), read &+ 6 <= count else {
                bytes[write] = character(letter)
                read &+= 2
                write &+= 1
                continue
            }
            var code = codeUnit(bytes + read + 2)
            read &+= 6
            if code & 0xFC00 == 0xD800, read &+ 6 <= count, bytes[read] == UInt8(ascii: "\\"),
                bytes[read &+ 1] == UInt8(ascii: "u")
            {
                let low = codeUnit(bytes + read + 2)
                if low & 0xFC00 == 0xDC00 {
                    code = 0x10000 &+ (code & 0x3FF) &<< 10 &+ (low & 0x3FF)
                    read &+= 6
                }
            }
            write &+= encode(code, bytes + write)
        }
        return write
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

    private static func codeUnit(_ digits: UnsafePointer<UInt8>) -> UInt32 {
        var code: UInt32 = 0
        for index in 0..<4 {
            let digit = digits[index]
            let value = digit.isDigit ? digit &- UInt8(ascii: "0") : (digit | 0x20) &- UInt8(ascii: "a") &+ 10
            code = code &<< 4 | UInt32(value)
        }
        return code
    }

    /// - Returns: how many bytes it took.
    private static func encode(_ code: UInt32, _ bytes: UnsafeMutablePointer<UInt8>) -> Int {
        func tail(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: 0x80 | (code &>> shift) & 0x3F) }
        switch code {
        case ..<0x80:
            bytes[0] = UInt8(truncatingIfNeeded: code)
            return 1
        case ..<0x800:
            bytes[0] = UInt8(truncatingIfNeeded: 0xC0 | code &>> 6)
            bytes[1] = tail(0)
            return 2
        case ..<0x10000:
            bytes[0] = UInt8(truncatingIfNeeded: 0xE0 | code &>> 12)
            bytes[1] = tail(6)
            bytes[2] = tail(0)
            return 3
        default:
            bytes[0] = UInt8(truncatingIfNeeded: 0xF0 | code &>> 18)
            bytes[1] = tail(12)
            bytes[2] = tail(6)
            bytes[3] = tail(0)
            return 4
        }
    }
}
