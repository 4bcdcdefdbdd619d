import Foundation
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

    private func text(_ verdict: SnapshotVerdict, _ name: String, command: String? = "heapdump check -") -> String {
        verdict.explanation(of: ReadInput(SnapshotInput(name: name, path: Array(name.utf8CString)), command: command))
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
    @Test func decompressesWhatHeapdumpDecompressed() throws {
        let path = NSTemporaryDirectory() + "/read-input-\(UUID().uuidString).gz"
        try Data([0x1F, 0x8B, 8, 0, 0]).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(text(Self.xz, path).hasSuffix("; decompress it: gzip -dc \(path) | xz -dc | heapdump check -"))
        #expect(text(Self.sevenZip, path).hasSuffix("it is a 7z archive; unpack it first"))
    }
}
