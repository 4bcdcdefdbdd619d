@testable import Inspector

/// What must hold of the decoder of snapshot chunks on any bytes whatever. The unit tests and the fuzzer ask the same.
enum DecoderProperties {
    /// - Returns: the first property that does not hold, nil where all do.
    static func violation(on bytes: [UInt8]) -> String? {
        let decoded = decode(bytes)
        let expected = plainlyDecoded(bytes)
        guard decoded == expected else {
            return "decoded to \(describe(decoded)), a plain reader to \(describe(expected))"
        }
        for room in [8, 9, 13, 64] where decode(bytes, room: room) != decoded {
            return "the room for it makes a difference: \(room) bytes"
        }
        // Every text that JSON can hold comes back from its escaped form.
        let escaped = bytes.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
            case 0x00..<0x20: Array("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
            default: [byte]
            }
        }
        return decode(escaped) == bytes ? nil : "the bytes do not come back from \(escaped)"
    }

    /// From memory of just that length into memory of just that room, so that the address sanitizer sees a step beyond.
    private static func decode(_ bytes: [UInt8], room: Int? = nil) -> [UInt8]? {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: room ?? bytes.count + 8, alignment: 1)
        defer {
            memory.deallocate()
            output.deallocate()
        }
        memory.copyBytes(from: bytes)
        var decoded: [UInt8] = []
        var rest = UnsafeRawBufferPointer(memory)
        while !rest.isEmpty {
            guard let (taken, written) = JSONStringDecoder.decode(rest, into: output) else { return nil }
            // Nothing taken would go on for ever.
            guard taken > 0 else { return nil }
            rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
            decoded += output[..<written]
        }
        return decoded
    }

    private static func describe(_ bytes: [UInt8]?) -> String { bytes.map { "\($0)" } ?? "nothing" }

    // MARK: The same in its plainest form

    private static let letters: [Character: UInt32] = [
        "\"": 0x22, "\\": 0x5C, "/": 0x2F, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9,
    ]

    private static func plainlyDecoded(_ bytes: [UInt8]) -> [UInt8]? {
        var rest = bytes[...]
        var output: [UInt8] = []
        while let byte = rest.first {
            if byte == UInt8(ascii: "\"") { return nil }
            if byte != UInt8(ascii: "\\") {
                output.append(rest.removeFirst())
                continue
            }
            guard let unit = escape(&rest) else { return nil }
            var following = rest
            if 0xD800...0xDBFF ~= unit, let low = escape(&following), 0xDC00...0xDFFF ~= low,
                rest.starts(with: Array("\\u".utf8))
            {
                rest = following
                append(0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00), to: &output)
            } else {
                append(unit, to: &output)
            }
        }
        return output
    }

    /// Takes one escape and returns its UTF-16 code unit, nil where there is none.
    private static func escape(_ rest: inout ArraySlice<UInt8>) -> UInt32? {
        guard rest.popFirst() == UInt8(ascii: "\\"), let letter = rest.popFirst() else { return nil }
        if letter != UInt8(ascii: "u") { return letters[Character(Unicode.Scalar(letter))] }
        let digits = rest.prefix(4)
        rest = rest.dropFirst(4)
        let values = digits.compactMap { $0 < 0x80 ? Character(Unicode.Scalar($0)).hexDigitValue : nil }
        guard values.count == 4 else { return nil }
        return values.reduce(0) { $0 * 16 + UInt32($1) }
    }

    private static func append(_ code: UInt32, to output: inout [UInt8]) {
        if let scalar = Unicode.Scalar(code) {
            output += Array(UTF8.encode(scalar).map(Array.init) ?? [])
        } else {
            output += [0xED, UInt8(0x80 + (code >> 6 & 0x3F)), UInt8(0x80 + (code & 0x3F))]
        }
    }
}
