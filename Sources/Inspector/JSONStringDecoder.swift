import Glibc

/// Undoes the escapes of a JSON string. On this way goes every byte of a snapshot, so it works on raw memory.
enum JSONStringDecoder {
    /// Decodes as much of `input` as `output` has room for.
    /// - Parameters:
    ///   - input: what stands between the quotation marks, or the rest of it.
    ///   - output: 8 bytes at least.
    /// - Returns: how many bytes of `input` were used up, and how many of `output`; nil where `input` holds an unescaped
    ///   quotation mark or a broken escape.
    static func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> (taken: Int, written: Int)? {
        guard let start = input.baseAddress, let room = output.baseAddress else { return (0, 0) }
        let bytes = start.assumingMemoryBound(to: UInt8.self)
        let base = room.assumingMemoryBound(to: UInt8.self)
        guard let (next, filled) = decode(from: bytes, to: bytes + input.count, into: base, to: base + output.count)
        else { return nil }
        return (next - bytes, filled - base)
    }

    private static func decode(
        from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>,
        into base: UnsafeMutablePointer<UInt8>, to outputEnd: UnsafeMutablePointer<UInt8>
    ) -> (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>)? {
        var input = start
        var output = base
        // No escape becomes more than four bytes.
        let lastStart = outputEnd - 4
        while input < end, output <= lastStart {
            let byte = input.pointee
            if byte != UInt8(ascii: "\\") {
                if byte == UInt8(ascii: "\"") { return nil }
                output.pointee = byte
                output += 1
                input += 1
                continue
            }
            guard input + 1 < end else { return nil }
            let escape = input[1]
            input += 2
            if escape == UInt8(ascii: "u") {
                guard let unit = hexadecimal(input, end) else { return nil }
                input += 4
                if unit & 0xFC00 == 0xD800, end - input >= 6, input[0] == UInt8(ascii: "\\"),
                    input[1] == UInt8(ascii: "u"),
                    let low = hexadecimal(input + 2, end), low & 0xFC00 == 0xDC00
                {
                    input += 6
                    output = write(0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF), to: output)
                } else {
                    output = write(unit, to: output)
                }
                continue
            }
            guard let plain = unescaped(escape) else { return nil }
            output.pointee = plain
            output += 1
        }
        return (input, output)
    }

    @inline(__always)
    private static func unescaped(_ escape: UInt8) -> UInt8? {
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): escape
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        default: nil
        }
    }

    private static func hexadecimal(_ input: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> UInt32? {
        guard end - input >= 4 else { return nil }
        var value: UInt32 = 0
        for index in 0..<4 {
            let byte = input[index]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private static func write(_ scalar: UInt32, to output: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        switch scalar {
        case 0..<0x80:
            output[0] = UInt8(scalar)
            return output + 1
        case 0x80..<0x800:
            output[0] = 0xC0 | UInt8(scalar >> 6)
            output[1] = 0x80 | UInt8(scalar & 0x3F)
            return output + 2
        case 0x800..<0x10000:
            output[0] = 0xE0 | UInt8(scalar >> 12)
            output[1] = 0x80 | UInt8(scalar >> 6 & 0x3F)
            output[2] = 0x80 | UInt8(scalar & 0x3F)
            return output + 3
        default:
            output[0] = 0xF0 | UInt8(scalar >> 18)
            output[1] = 0x80 | UInt8(scalar >> 12 & 0x3F)
            output[2] = 0x80 | UInt8(scalar >> 6 & 0x3F)
            output[3] = 0x80 | UInt8(scalar & 0x3F)
            return output + 4
        }
    }
}
