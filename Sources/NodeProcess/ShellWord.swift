/// Words of a shell's command, for people to copy.
public enum ShellWord {
    /// - Parameter word: in UTF-8 or not. Bytes that a terminal should not get are written as bash and zsh understand them: `$'\x1B'`.
    public static func quoted(_ word: [UInt8]) -> String {
        guard let text = String(validating: word, as: UTF8.self),
            text.unicodeScalars.allSatisfy(TerminalText.isHarmless)
        else { return "$'" + word.map(escaped).joined() + "'" }
        if !word.isEmpty, word.allSatisfy(isPlain) { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// A file's name, which no program takes for an option, nor tar for a file on the host that is named before a colon.
    public static func file(_ name: [UInt8]) -> String {
        let isMistaken =
            name.first == UInt8(ascii: "-") || name.prefix { $0 != UInt8(ascii: "/") }.contains(UInt8(ascii: ":"))
        return quoted(isMistaken ? Array("./".utf8) + name : name)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: Array("_@%+=:,./-".utf8).contains(byte)
        }
    }

    private static func escaped(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\\"): "\\" + String(UnicodeScalar(byte))
        case 0x20..<0x7F: String(UnicodeScalar(byte))
        default: TerminalText.byteEscape(byte)
        }
    }
}
