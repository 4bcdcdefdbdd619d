/// JSON that can stand inside an HTML page: no character of it can end the element that it is in, or begin another.
enum InertJSON {
    /// The characters that mean something to HTML, and the two that end a line in old JavaScript, as escapes. In JSON
    /// they stand in strings alone, where an escape is as good as the character.
    static func escaped(_ json: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(json.count + json.count / 16)
        for byte in json {
            switch byte {
            case UInt8(ascii: "<"): result += "\\u003c".utf8
            case UInt8(ascii: ">"): result += "\\u003e".utf8
            case UInt8(ascii: "&"): result += "\\u0026".utf8
            // U+2028 and U+2029 are E2 80 A8 and E2 80 A9: their first bytes are written when the third one comes.
            case 0xA8 where endsInLineSeparatorHead(result): replaceHead(of: &result, with: "\\u2028")
            case 0xA9 where endsInLineSeparatorHead(result): replaceHead(of: &result, with: "\\u2029")
            default: result.append(byte)
            }
        }
        return result
    }

    private static func endsInLineSeparatorHead(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 2 && bytes[bytes.count - 2] == 0xE2 && bytes[bytes.count - 1] == 0x80
    }

    private static func replaceHead(of bytes: inout [UInt8], with escape: String) {
        bytes.removeLast(2)
        bytes += escape.utf8
    }
}
