extension ForeignFormat {
    /// In this order: a mark may begin with another one's.
    static let all = compressed + archives + encodings + stores + dumps + profiles + texts

    // MARK: What may hold a snapshot

    private static func filter(_ action: String, _ onFile: String, onInput: String?) -> ForeignFile.Remedy {
        .filter(ForeignFile.Filter(action: action, onFile: onFile, onInput: onInput))
    }

    private static func filter(_ action: String, _ command: String) -> ForeignFile.Remedy {
        filter(action, command, onInput: command)
    }

    private static func decompress(_ command: String) -> ForeignFile.Remedy { filter("decompress it", command) }

    private static let compressed: [ForeignFormat] = [
        // What heapdump decompresses by itself: it is there a second time.
        .init("it is compressed twice, within by gzip", decompress("gzip -dc"), .bytes([0x1F, 0x8B])),
        .init("it is compressed twice, within by zstd", decompress("zstd -dc"), .bytes([0x28, 0xB5, 0x2F, 0xFD])),
        .init("it is compressed with xz", decompress("xz -dc"), .bytes([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])),
        .init("it is compressed with LZMA", decompress("xz -dc"), .pattern([0x5D, 0x00, 0x00, nil, nil, 0xFF])),
        .init("it is compressed with bzip2", decompress("bzip2 -dc"), .pattern([0x42, 0x5A, 0x68, nil, 0x31, 0x41])),
        .init("it is compressed with lz4", decompress("lz4 -dc"), .bytes([0x04, 0x22, 0x4D, 0x18])),
        .init("it is compressed with lz4", decompress("lz4 -dc"), .bytes([0x02, 0x21, 0x4C, 0x18])),
        .init("it is compressed with lzip", decompress("lzip -dc"), .bytes([0x4C, 0x5A, 0x49, 0x50, 0x01])),
        .init("it is compressed with lzop", decompress("lzop -dc"), .bytes([0x89, 0x4C, 0x5A, 0x4F, 0x00])),
        .init("it is compressed with compress", decompress("gzip -dc"), .bytes([0x1F, 0x9D])),
        .init(
            "it is compressed with zlib", decompress("pigz -dc"), .bytes([0x78, 0x01]), .bytes([0x78, 0x5E]),
            .bytes([0x78, 0x9C]), .bytes([0x78, 0xDA])),
        .init(
            "it is compressed with snappy", decompress("snzip -dc"),
            .bytes([0xFF, 0x06, 0x00, 0x00, 0x73, 0x4E, 0x61, 0x50])),
    ]

    private static let archives: [ForeignFormat] = [
        .init("it is a tar archive", filter("unpack it", "tar -xOf", onInput: "tar -xOf -"), tar),
        .init("it is a ZIP archive", filter("unpack it", "unzip -p", onInput: "funzip"), .bytes([0x50, 0x4B, 3, 4])),
        .init("it is a ZIP archive without files", nil, .bytes([0x50, 0x4B, 5, 6])),
        .init(
            "it is a 7z archive", filter("unpack it", "7z x -so", onInput: nil),
            .bytes([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C])),
        .init(
            "it is a RAR archive", filter("unpack it", "unrar p -inul", onInput: nil),
            .bytes([0x52, 0x61, 0x72, 0x21, 0x1A, 0x07])),
    ]

    private static let tar = Mark.bytes(Array("ustar".utf8), at: 257)

    private static func convert(_ encoding: String) -> ForeignFile.Remedy {
        filter("convert it", "iconv -f \(encoding) -t UTF-8")
    }

    private static let encodings: [ForeignFormat] = [
        .init(
            "it is UTF-32 text", convert("UTF-32"), .bytes([0xFF, 0xFE, 0x00, 0x00]), .bytes([0x00, 0x00, 0xFE, 0xFF])),
        .init("it is UTF-16 text", convert("UTF-16"), .bytes([0xFF, 0xFE]), .bytes([0xFE, 0xFF])),
        .init("it is UTF-16 text", convert("UTF-16LE"), .bytes([0x7B, 0x00, 0x22, 0x00])),
        .init("it is UTF-16 text", convert("UTF-16BE"), .bytes([0x00, 0x7B, 0x00, 0x22])),
        .init(
            "it begins with a byte order mark", filter("leave that out", "tail -c +4"), .bytes([0xEF, 0xBB, 0xBF])),
        // The beginning of {"snapshot": in Base64.
        .init("it is Base64", filter("decode it", "base64 -d"), .bytes(Array("eyJzbmFwc2hvdCI6".utf8))),
        .init("it is encrypted with age", filter("decrypt it", "age -d"), .text("age-encryption.org/")),
        .init("it is encrypted with OpenPGP", filter("decrypt it", "gpg -d"), .text("-----BEGIN PGP MESSAGE-----")),
        .init(.test { logLength($0) != nil }) { prefix in
            ForeignFile(
                reason: "other text stands before the snapshot, such as a line of a log",
                remedy: filter("leave that out", "tail -c +\((logLength(prefix) ?? 0) + 1)"))
        },
    ]

    /// Number of bytes before a snapshot that does not begin the file; nil if there is none, or if it is a part of other JSON.
    private static func logLength(_ prefix: [UInt8]) -> Int? {
        guard let length = textLength(before: Array("{\"snapshot\":{".utf8), prefix), length > 0 else { return nil }
        let isJSON = [UInt8(ascii: "{"), UInt8(ascii: "[")].contains(prefix.first { !$0.isJSONWhiteSpace })
        return isJSON && prefix[length - 1] != UInt8(ascii: "\n") ? nil : length
    }

    /// - Returns: nil if that is not among the first bytes.
    private static func textLength(before text: [UInt8], _ prefix: [UInt8]) -> Int? {
        guard prefix.count >= text.count else { return nil }
        return (0...prefix.count - text.count).first { prefix[$0...].starts(with: text) }
    }

    // MARK: What stands for a file, or is another

    private static let stores: [ForeignFormat] = [
        .init(
            "it is a pointer of Git LFS to the file", .advice("fetch the file with git lfs pull"),
            .text("version https://git-lfs")),
        .init(
            "it is a pointer of git-annex to the file", .advice("fetch the file with git annex get"),
            .text("/annex/objects/")),
        // By its application id, of HeapTables.
        .init(
            "it is a database that heapdump export wrote",
            .advice("query it with sqlite3, or analyse the snapshot that it was made from: heapdump summary SNAPSHOT"),
            .test { isSQLite($0) && $0.dropFirst(68).starts(with: "HpDp".utf8) }),
        .init("it is an SQLite database", nil, .test(isSQLite)),
        .init(
            "it begins with zeros, as after a crash or on a full disk", .advice("take the snapshot again"),
            .test { $0.count >= 8 && $0.allSatisfy { $0 == 0 } }),
    ]

    private static func isSQLite(_ prefix: [UInt8]) -> Bool { prefix.starts(with: Array("SQLite format 3\0".utf8)) }

    private static let live = "take a snapshot of the running process: heapdump PID"

    private static let dumps: [ForeignFormat] = [
        // e_type, in both orders of bytes.
        .init(
            "it is a core file", .advice(live), .test { isELF($0) && ($0.dropFirst(16).starts(with: [4, 0])) },
            .test { isELF($0) && ($0.dropFirst(16).starts(with: [0, 4])) }),
        .init("it is a program or a library", nil, .test(isELF)),
        .init(
            "it is a heap dump of Java", .program("with Eclipse Memory Analyzer or VisualVM"),
            .text("JAVA PROFILE ")),
        .init("it is a minidump", .advice(live), .text("MDMP")),
        .init("it is a recording of perf", .program("with perf report"), .text("PERFILE2")),
    ]

    private static func isELF(_ prefix: [UInt8]) -> Bool { prefix.starts(with: [0x7F, 0x45, 0x4C, 0x46]) }

    private static let profiles: [ForeignFormat] = [
        // A protobuf message whose first field is a message of two small numbers: the type and the unit of a sample.
        .init(
            // Always compressed by gzip, which the program takes as it is.
            "it is a pprof profile", .advice("open it with go tool pprof"),
            .pattern([0x0A, 0x04, 0x08, nil, 0x10, nil])),
        .init(
            "it is a CPU profile", .program("in the Performance panel of Chrome DevTools"), .key("nodes"),
            .key("startTime")),
        .init(
            "it is a sampling heap profile (of allocations)",
            .program("in the Memory panel of Chrome DevTools"), .key("head")),
        .init(
            "it is a trace", .program("in the Performance panel of Chrome DevTools"), .key("traceEvents"),
            .test { startsTraceArray($0) }),
        .init("it is a diagnostic report of Node", nil, .key("header")),
        .init(
            "it holds messages of the inspector", .advice("join what params.chunk has in each of them"), .key("method")),
    ]

    /// The events of a trace may stand in an array of their own.
    private static func startsTraceArray(_ prefix: [UInt8]) -> Bool {
        let text = prefix.filter { !$0.isJSONWhiteSpace }
        return ["args", "cat", "pid", "name"].contains { text.starts(with: "[{\"\($0)\":".utf8) }
            && textLength(before: Array("\"ph\":".utf8), text) != nil
    }

    private static let texts: [ForeignFormat] = [
        .init("it is an empty JSON object", nil, .test { isJSON($0, "{}") }),
        .init("it is an empty JSON array", nil, .test { isJSON($0, "[]") }),
        .init(
            "it is a page that heapdump report wrote",
            .advice("open it in a browser, or analyse the snapshot that it was made from: heapdump summary SNAPSHOT"),
            .test { textLength(before: Array("<meta name=\"generator\" content=\"heapdump\"".utf8), $0) != nil }),
        .init(
            "it is an HTML page, perhaps of a server or a proxy that refused the download",
            .advice("download the file again, and look at what was answered"), .text("<!DOCTYPE html"), .text("<html")),
        .init("it is XML or HTML", nil, .text("<")),
        .init("it is an answer by HTTP with its header", .advice("save the body alone"), .text("HTTP/")),
    ]

    private static func isJSON(_ prefix: [UInt8], _ text: String) -> Bool {
        prefix.filter { !$0.isJSONWhiteSpace }.elementsEqual(text.utf8)
    }
}
