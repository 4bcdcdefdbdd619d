import HeapSnapshot
import SnapshotReading
import Testing

@testable import SnapshotWriter

/// The commands that lead to the snapshot in a file that is none itself.
struct ReadInputTests {
    private static let xz = verdict([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])
    private static let sevenZip = verdict([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C])
    private static let zip = verdict([0x50, 0x4B, 3, 4])
    private static let html = verdict(Array("<html>".utf8))

    private static func verdict(_ bytes: [UInt8]) -> SnapshotVerdict {
        var validator = SnapshotValidator()
        bytes.withUnsafeBytes { validator.feed($0) }
        return validator.finish()
    }

    private func text(
        _ verdict: SnapshotVerdict, _ name: String, _ compression: Compression? = nil,
        command: String? = "heapdump check -"
    ) -> String {
        let input = SnapshotInput(name: name, path: Array(name.utf8CString))
        return verdict.explanation(of: ReadInput(input, compression, command: command))
    }

    @Test func namesTheFile() {
        #expect(
            text(Self.xz, "a b.xz")
                == "not a snapshot: it is compressed with xz; decompress it: xz -dc 'a b.xz' | heapdump check -")
        #expect(text(Self.zip, "-x.zip").hasSuffix("; unpack it: unzip -p ./-x.zip | heapdump check -"))
        #expect(text(Self.sevenZip, "a.7z").hasSuffix("; unpack it: 7z x -so a.7z | heapdump check -"))
    }

    @Test func saysItWithoutAFileForStandardInput() {
        #expect(text(Self.xz, "-").hasSuffix("; decompress it: xz -dc | heapdump check -"))
        #expect(text(Self.zip, "-").hasSuffix("; unpack it: funzip | heapdump check -"))
        #expect(text(Self.sevenZip, "-").hasSuffix("it is a 7z archive; unpack it first"))
    }

    @Test func doesNotReadStandardInputTwice() {
        #expect(text(Self.xz, "a.xz", command: nil).hasSuffix("; decompress it first: xz -dc a.xz"))
    }

    @Test func givesAdvice() {
        #expect(text(Self.html, "a.html").hasSuffix("; download the file again, and look at what was answered"))
        #expect(!Self.html.explanation().contains("download the file again"))
        #expect(Self.xz.explanation() == "not a snapshot: it is compressed with xz")
    }

    /// What heapdump saw was within: the whole way leads there.
    @Test func decompressesWhatHeapdumpDecompressed() {
        #expect(text(Self.xz, "a b", .gzip).hasSuffix("; decompress it: gzip -dc 'a b' | xz -dc | heapdump check -"))
        #expect(text(Self.xz, "-", .zstd).hasSuffix("; decompress it: zstd -dc | xz -dc | heapdump check -"))
        #expect(text(Self.sevenZip, "a", .gzip).hasSuffix("it is a 7z archive; unpack it first"))
    }

    /// Such as Eclipse Memory Analyzer, which does not decompress what heapdump has.
    @Test func decompressesWhatAnotherProgramOpens() {
        let java = Self.verdict(Array("JAVA PROFILE 1.0.2".utf8))
        #expect(text(java, "a").hasSuffix("; open it with Eclipse Memory Analyzer or VisualVM"))
        #expect(
            text(java, "a", .zstd).hasSuffix(
                "; decompress it (zstd -dc a) into a file, and open that with Eclipse Memory Analyzer or VisualVM"))
        #expect(java.explanation() == "not a snapshot: it is a heap dump of Java")
    }

    /// tar would ask the host `a` for it.
    @Test func namesNoHost() {
        let tar = Self.verdict([UInt8](repeating: 0x61, count: 257) + Array("ustar\0".utf8))
        #expect(text(tar, "a:b.tar").hasSuffix("; unpack it: tar -xOf ./a:b.tar | heapdump check -"))
        #expect(text(tar, "dumps/a:b.tar").hasSuffix("; unpack it: tar -xOf dumps/a:b.tar | heapdump check -"))
    }
}
