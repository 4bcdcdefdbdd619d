/// Text in JavaScript.
enum JavaScriptText {
    /// A string literal, whatever the text holds.
    static func quoted(_ text: String) -> String {
        let escaped = text.utf16.map { unit in
            let isPlain = unit >= 0x20 && unit < 0x7F && unit != 0x27 && unit != 0x5C
            return isPlain ? String(UnicodeScalar(UInt8(unit))) : "\\u" + hex(unit)
        }
        return "'" + escaped.joined() + "'"
    }

    private static func hex(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
