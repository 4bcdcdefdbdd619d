/// Names, paths and arguments belong to whoever started the process: shown raw they could move the cursor, recolour
/// the screen or reorder a line.
public enum TerminalText {
    public static func escaped(_ text: some StringProtocol) -> String {
        var result = ""
        for scalar in text.unicodeScalars { append(scalar, to: &result) }
        return result
    }

    /// Bytes that are not UTF-8 show as \xNN, each by itself.
    public static func escaped(bytes: some Sequence<UInt8>) -> String {
        var result = ""
        var decoder = UTF8Decoder()
        for byte in bytes { decoder.feed(byte, into: &result) }
        decoder.finish(into: &result)
        return result
    }

    /// Arguments as one line that keeps their borders: those with spaces, quotes or nothing in them stand in quotes.
    public static func commandLine(_ arguments: [String]) -> String {
        arguments.map { argument in
            let escaped = escaped(argument)
            let isPlain = !escaped.isEmpty && !escaped.contains { $0 == " " || $0 == "'" || $0 == "\"" }
            return isPlain ? escaped : "'" + escaped + "'"
        }.joined(separator: " ")
    }

    /// Whether it can do nothing but show itself.
    public static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F,
            0x80..<0xA0,  // C1 controls
            0x061C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F,  // directions, and what has no width
            0x2028, 0x2029, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
            false
        default:
            true
        }
    }

    fileprivate static func append(_ scalar: Unicode.Scalar, to result: inout String) {
        if isHarmless(scalar) {
            result.unicodeScalars.append(scalar)
        } else if scalar.isASCII {
            result += byteEscape(UInt8(scalar.value))
        } else {
            result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        }
    }

    static func byteEscape(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return "\\x" + (digits.count == 1 ? "0" : "") + digits
    }
}

/// Keeps the bytes of an unfinished character, so that bad ones can be shown as they were.
private struct UTF8Decoder {
    private var pending: [UInt8] = []
    private var expected = 0

    mutating func feed(_ byte: UInt8, into result: inout String) {
        if !pending.isEmpty && byte & 0xC0 != 0x80 { finish(into: &result) }
        if pending.isEmpty {
            switch byte {
            case 0xC2...0xDF: expected = 2
            case 0xE0...0xEF: expected = 3
            case 0xF0...0xF4: expected = 4
            case 0x80...: expected = 0
            default: expected = 1
            }
            if expected == 0 {
                result += TerminalText.byteEscape(byte)
                return
            }
        }
        pending.append(byte)
        if pending.count == expected { finish(into: &result) }
    }

    mutating func finish(into result: inout String) {
        defer { pending.removeAll(keepingCapacity: true) }
        if let text = String(validating: pending, as: UTF8.self) {
            for scalar in text.unicodeScalars { TerminalText.append(scalar, to: &result) }
        } else {
            for byte in pending { result += TerminalText.byteEscape(byte) }
        }
    }
}
