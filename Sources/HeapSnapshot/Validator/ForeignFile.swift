/// Names what a file is that is not a heap snapshot, by its first bytes.
enum ForeignFile {
    /// How many of the first bytes are looked at.
    static let prefixLength = 64

    static func reason(_ prefix: [UInt8]) -> String {
        for (magic, reason) in magics where prefix.starts(with: magic) { return reason }
        let text = prefix.drop(while: \.isJSONWhiteSpace)
        if text.first == UInt8(ascii: "<") { return "it is HTML or XML" }
        if text.first == UInt8(ascii: "[") { return "it is a JSON array" }
        guard text.first == UInt8(ascii: "{") else { return "it does not begin with a JSON object" }
        let members = text.dropFirst().drop(while: \.isJSONWhiteSpace)
        for (key, reason) in firstKeys where members.starts(with: key.utf8) { return reason }
        return "its first key is not \"snapshot\""
    }

    private static let magics: [([UInt8], String)] = [
        ([0x1F, 0x8B], "it is compressed with gzip (once more, where the file itself is compressed)"),
        ([0x28, 0xB5, 0x2F, 0xFD], "it is compressed with zstd (once more, where the file itself is compressed)"),
        ([0x7F, 0x45, 0x4C, 0x46], "it is an ELF file, a program or a core dump"),
        ([0x50, 0x4B, 0x03, 0x04], "it is a ZIP archive"),
        ([0xEF, 0xBB, 0xBF], "it begins with a byte order mark"),
    ]

    private static let firstKeys = [
        ("\"nodes\"", "it is a CPU profile"),
        ("\"head\"", "it is a sampling heap profile"),
        ("\"traceEvents\"", "it is a trace"),
        ("}", "it is an empty JSON object"),
    ]
}
