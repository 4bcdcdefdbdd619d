/// What JavaScript's functions make of a text, where DevTools' numbers depend on it.
enum JavaScriptText {
    /// As `parseInt(text, 10)`; nil for NaN. Leading white space that is not ASCII is not skipped: no name of V8's has it. Nor has
    /// one more characters than are looked at, and a longer one may be asked for once an edge.
    static func parseInt(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        var digits = text.prefix(HeapText.longest).drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        var sign = 1.0
        if digits.first == UInt8(ascii: "-") { sign = -1 }
        if digits.first == UInt8(ascii: "-") || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
        let number = digits.prefix { $0 &- UInt8(ascii: "0") <= 9 }
        guard !number.isEmpty else { return nil }
        return Double(String(decoding: number, as: UTF8.self)).map { sign * $0 }
    }

    /// The length in UTF-16 code units of a text in UTF-8 or WTF-8.
    static func length(_ text: some Sequence<UInt8>) -> Int {
        text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : $1 >= 0xF0 ? 2 : 1) }
    }

    /// The length in bytes of a text's beginning that has up to so many UTF-16 code units, in whole characters.
    static func prefixLength(_ text: UnsafeBufferPointer<UInt8>, units: Int) -> Int {
        // No byte is more than a unit.
        if text.count <= units { return text.count }
        var (index, length) = (0, 0)
        while index < text.count {
            let byte = text[index]
            length += byte >= 0xF0 ? 2 : 1
            if length > units { return index }
            index += byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        }
        return text.count
    }

    /// The UTF-16 code units, by which JavaScript compares texts.
    static func codeUnits(_ text: some Collection<UInt8>) -> [UInt16] {
        var units: [UInt16] = []
        var index = text.startIndex
        func next() -> UInt32 {
            guard index < text.endIndex else { return 0 }
            defer { index = text.index(after: index) }
            return UInt32(text[index])
        }
        while index < text.endIndex {
            let byte = next()
            switch byte {
            case ..<0x80: units.append(UInt16(byte))
            case ..<0xE0: units.append(UInt16((byte & 0x1F) << 6 | next() & 0x3F))
            case ..<0xF0:
                let high = (byte & 0x0F) << 12 | (next() & 0x3F) << 6
                units.append(UInt16(truncatingIfNeeded: high | next() & 0x3F))
            default:
                let high = (byte & 0x07) << 18 | (next() & 0x3F) << 12 | (next() & 0x3F) << 6
                let code = (high | next() & 0x3F) &- 0x10000
                units.append(UInt16(truncatingIfNeeded: 0xD800 + code >> 10))
                units.append(UInt16(truncatingIfNeeded: 0xDC00 + code & 0x3FF))
            }
        }
        return units
    }

    /// As `JSON.stringify` quotes it.
    static func quoted(_ text: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = [UInt8(ascii: "\"")]
        let bytes = Array(text)
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x22: result += Array("\\\"".utf8)
            case 0x5C: result += Array("\\\\".utf8)
            case 0x08: result += Array("\\b".utf8)
            case 0x0C: result += Array("\\f".utf8)
            case 0x0A: result += Array("\\n".utf8)
            case 0x0D: result += Array("\\r".utf8)
            case 0x09: result += Array("\\t".utf8)
            case ..<0x20: result += escape(UInt32(byte))
            case 0xED where index + 2 < bytes.count && bytes[index + 1] >= 0xA0:
                // A lone surrogate, three bytes of WTF-8.
                result += escape(0xD000 | UInt32(bytes[index + 1] & 0x3F) << 6 | UInt32(bytes[index + 2] & 0x3F))
            case 0x80...0xBF where isWithinSurrogate(bytes, index): break
            default: result.append(byte)
            }
        }
        return result + [UInt8(ascii: "\"")]
    }

    private static func isWithinSurrogate(_ bytes: [UInt8], _ index: Int) -> Bool {
        (index >= 1 && bytes[index - 1] == 0xED && bytes[index] >= 0xA0)
            || (index >= 2 && bytes[index - 2] == 0xED && bytes[index - 1] >= 0xA0)
    }

    private static func escape(_ unit: UInt32) -> [UInt8] {
        let digits = String(unit, radix: 16)
        return Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
    }
}
