import Testing

@testable import HeapSnapshot

/// What files are that people take for snapshots.
struct ForeignFileTests {
    /// First bytes of a file, what is said of it, and what is to be done.
    struct Sample: CustomTestStringConvertible {
        let bytes: [UInt8]
        let reason: String
        let remedy: String

        init(_ bytes: [UInt8], _ reason: String, _ remedy: String = "") {
            (self.bytes, self.reason, self.remedy) = (bytes, reason, remedy)
        }

        init(_ text: String, _ reason: String, _ remedy: String = "") {
            self.init(Array(text.utf8), reason, remedy)
        }

        var testDescription: String { "\(reason) \(bytes.prefix(6))" }
    }

    private static let noise: [UInt8] = [0x9A, 0x07, 0x41, 0x00, 0xFE, 0x33, 0x80, 0x11, 0x05, 0x76]
    private static let tar = [UInt8](repeating: 0x61, count: 257) + Array("ustar\0".utf8) + noise
    private static let database =
        Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 52) + Array("HpDp".utf8) + noise
    private static func utf16(_ text: String, isBig: Bool) -> [UInt8] {
        text.utf16.flatMap { isBig ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }
    private static func elf(type: [UInt8]) -> [UInt8] {
        [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0] + [UInt8](repeating: 0, count: 8) + type + noise
    }
    private static let snapshot = "{\"snapshot\":{\"meta\":{"

    static let samples: [Sample] = [
        .init([0x1F, 0x8B, 0x08, 0x00] + noise, "compressed twice, within by gzip", "gzip -dc"),
        .init([0x28, 0xB5, 0x2F, 0xFD] + noise, "compressed twice, within by zstd", "zstd -dc"),
        .init([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00] + noise, "compressed with xz", "xz -dc"),
        .init([0x5D, 0, 0, 0x80, 0, 0xFF, 0xFF] + noise, "compressed with LZMA", "xz -dc"),
        .init(Array("BZh91AY&SY".utf8) + noise, "compressed with bzip2", "bzip2 -dc"),
        .init(Array("BZh11AY&SY".utf8) + noise, "compressed with bzip2", "bzip2 -dc"),
        .init([0x04, 0x22, 0x4D, 0x18] + noise, "compressed with lz4", "lz4 -dc"),
        .init([0x02, 0x21, 0x4C, 0x18] + noise, "compressed with lz4", "lz4 -dc"),
        .init(Array("LZIP".utf8) + [1] + noise, "compressed with lzip", "lzip -dc"),
        .init([0x89, 0x4C, 0x5A, 0x4F, 0x00] + noise, "compressed with lzop", "lzop -dc"),
        .init([0x1F, 0x9D] + noise, "compressed with compress", "gzip -dc"),
        .init([0x78, 0x9C] + noise, "compressed with zlib", "pigz -dc"),
        .init([0x78, 0xDA] + noise, "compressed with zlib", "pigz -dc"),
        .init([0xFF, 6, 0, 0] + Array("sNaPpY".utf8) + noise, "compressed with snappy", "snzip -dc"),
        .init(tar, "a tar archive", "tar -xOf"),
        .init(Array("PK".utf8) + [3, 4] + noise, "a ZIP archive", "unzip -p"),
        .init(Array("PK".utf8) + [5, 6] + [UInt8](repeating: 0, count: 18), "a ZIP archive without files"),
        .init(Array("7z".utf8) + [0xBC, 0xAF, 0x27, 0x1C] + noise, "a 7z archive", "7z x -so"),
        .init(Array("Rar!".utf8) + [0x1A, 0x07, 0x01, 0x00] + noise, "a RAR archive", "unrar p -inul"),
        .init([0xFF, 0xFE, 0, 0, 0x7B, 0, 0, 0], "UTF-32 text", "iconv -f UTF-32 -t UTF-8"),
        .init([0xFF, 0xFE] + utf16(snapshot, isBig: false), "UTF-16 text", "iconv -f UTF-16 -t UTF-8"),
        .init([0xFE, 0xFF] + utf16(snapshot, isBig: true), "UTF-16 text", "iconv -f UTF-16 -t UTF-8"),
        .init(utf16(snapshot, isBig: false), "UTF-16 text", "iconv -f UTF-16LE -t UTF-8"),
        .init(utf16(snapshot, isBig: true), "UTF-16 text", "iconv -f UTF-16BE -t UTF-8"),
        .init("\u{FEFF}" + snapshot, "a byte order mark", "tail -c +4"),
        .init("eyJzbmFwc2hvdCI6eyJtZXRhIjp7", "Base64", "base64 -d"),
        .init("age-encryption.org/v1\n-> X25519 ", "encrypted with age", "age -d"),
        .init("-----BEGIN PGP MESSAGE-----\n\nhF4D", "encrypted with OpenPGP", "gpg -d"),
        .init("Debugger attached.\n" + snapshot, "other text stands before the snapshot", "tail -c +20"),
        .init("{\"level\":30}\n" + snapshot, "other text stands before the snapshot", "tail -c +14"),
        .init("> " + snapshot, "other text stands before the snapshot", "tail -c +3"),
        .init("version https://git-lfs.github.com/spec/v1\noid sha256:", "a pointer of Git LFS", "git lfs pull"),
        .init("/annex/objects/SHA256E-s1--2.heapsnapshot\n", "a pointer of git-annex", "git annex get"),
        .init(database, "a database that heapdump export wrote", "heapdump summary"),
        .init("SQLite format 3\0\u{10}\0", "an SQLite database"),
        .init([UInt8](repeating: 0, count: 512), "it begins with zeros", "take the snapshot again"),
        .init(elf(type: [4, 0]), "a core file", "heapdump PID"),
        .init(elf(type: [0, 4]), "a core file", "heapdump PID"),
        .init(elf(type: [3, 0]), "a program or a library"),
        .init("JAVA PROFILE 1.0.2\0\0\0\0\u{8}", "a heap dump of Java", "Eclipse Memory Analyzer"),
        .init("MDMP" + "\u{93}\u{a7}", "a minidump", "heapdump PID"),
        .init("PERFILE2h\0", "a recording of perf", "perf report"),
        .init([0x0A, 0x04, 0x08, 0x01, 0x10, 0x02, 0x0A], "a pprof profile", "go tool pprof"),
        .init("{\"nodes\":[{\"id\":1,\"callFrame\":{", "a CPU profile", "Performance"),
        .init(" {\n \"startTime\": 1", "a CPU profile", "Performance"),
        .init("{\"head\":{\"callFrame\":{\"functionName\":\"(root)\"", "a sampling heap profile", "Memory panel"),
        .init("{\"traceEvents\":[", "a trace", "Performance"),
        .init(
            "[{\"args\":{\"name\":\"x\"},\"cat\":\"__metadata\",\"name\":\"n\",\"ph\":\"M\"", "a trace", "Performance"),
        .init("{\n  \"header\": {\n    \"reportVersion\": 3,", "a diagnostic report of Node"),
        .init(
            "{\"method\":\"HeapProfiler.addHeapSnapshotChunk\",\"params\":{\"chunk\":\"{\\\"snapshot\\\":{",
            "messages of the inspector", "params.chunk"),
        .init(" { } \n", "an empty JSON object"), .init("[]", "an empty JSON array"),
        .init("[\n]\n", "an empty JSON array"),
        .init(
            "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<meta name=\"generator\" content=\"heapdump\">",
            "a page that heapdump report wrote", "heapdump summary"),
        .init("<!doctype HTML>\n<title>502", "an HTML page", "download the file again"),
        .init("\n<html lang=\"en\">", "an HTML page", "download the file again"),
        .init("<?xml version=\"1.0\"?><Error>", "XML or HTML"),
        .init("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", "an answer by HTTP", "save the body"),
        .init("[{\"a\":1}]", "it is a JSON array"),
        .init("{\"snapshots\":{", "its first key is not \"snapshot\""),
        .init("{\"data\":{\"snapshot\":{\"meta\"", "its first key is not \"snapshot\""),
        .init("Hello.\n", "it does not begin with a JSON object"), .init(noise, "it does not begin with a JSON object"),
        .init([0, 0, 0], "it does not begin with a JSON object"),
        .init("\"text\"", "it does not begin with a JSON object"),
    ]

    private static func text(_ remedy: ForeignFile.Remedy?) -> String {
        switch remedy {
        case nil: ""
        case .advice(let text): text
        case .program(let place): "open it \(place)"
        case .filter(let filter): "\(filter.action): \(filter.onFile)"
        }
    }

    @Test(arguments: samples) func isNamed(sample: Sample) {
        for size in [1, 7, 1000] {
            guard case .notASnapshot(let file) = verdict(on: sample.bytes, chunk: { size }) else {
                Issue.record("\(verdict(on: sample.bytes))")
                return
            }
            #expect(file.reason.contains(sample.reason), "\(file)")
            let remedy = Self.text(file.remedy)
            #expect(sample.remedy.isEmpty ? remedy.isEmpty : remedy.contains(sample.remedy), "\(file)")
            #expect((file.reason + remedy).utf8.count < 200)
            #expect((file.reason + remedy).utf8.allSatisfy { (0x20..<0x7F).contains($0) })
        }
    }

    /// Each row of the table, by the sample that reaches it.
    @Test func everyFormatHasASample() {
        let reached = Self.samples.compactMap { sample in
            ForeignFormat.all.firstIndex { $0.matches(Array(sample.bytes.prefix(ForeignFile.prefixLength))) }
        }
        #expect(Set(reached) == Set(ForeignFormat.all.indices))
    }

    /// What stands before the snapshot is known among the first bytes alone.
    @Test func aSnapshotFarBehindIsNotSeen() {
        let log = String(repeating: "x", count: ForeignFile.prefixLength) + "\n" + Self.snapshot
        #expect(ForeignFile(Array(log.utf8.prefix(ForeignFile.prefixLength))).remedy == nil)
    }

    @Test func everyFirstByteIsJudged() {
        for byte in UInt8.min...UInt8.max {
            for length in [1, 2, 5, 6, 300] {
                let file = ForeignFile([byte] + [UInt8](repeating: 0x2A, count: length - 1))
                #expect(!file.reason.isEmpty)
            }
        }
        #expect(ForeignFile([]).reason == "it does not begin with a JSON object")
    }
}
