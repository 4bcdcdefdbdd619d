import Testing

@testable import HeapSnapshot

struct StreamTests {
    @Test func chunkingDoesNotMatter() {
        let bytes = Array(Sample.text.utf8)
        for size in 1...64 {
            #expect(verdict(on: bytes, chunk: { size }) == .valid(Sample.counts), "chunks of \(size)")
        }
    }

    @Test func everyPrefixIsRejected() {
        let bytes = Array(Sample.text.utf8)
        for count in bytes.indices {
            let expected: SnapshotVerdict.Kind = count == 0 ? .empty : .truncated
            #expect(verdict(on: Array(bytes[..<count])).kind == expected, "cut at \(count)")
        }
    }

    @Test(arguments: [
        ("{\"sna", SnapshotSection.document), ("\"node_count\":", .snapshot), ("{\"snapshot\"", .snapshot),
        (",3,2,", .nodes), ("],\n\"edges\":[1,1", .edges), ("],\n\"edg", .document), ("\"Win", .strings),
        ("file.js\"]", .document),
    ])
    func truncationNamesTheSection(end: String, section: SnapshotSection) throws {
        let range = try #require(Sample.text.firstRange(of: end))
        let text = String(Sample.text[..<range.upperBound])
        #expect(verdict(on: text) == .truncated(section: section, offset: UInt64(text.utf8.count)))
    }

    @Test func noBytesAreEmpty() {
        var validator = SnapshotValidator()
        validator.feed(UnsafeRawBufferPointer(start: nil, count: 0))
        #expect(validator.finish() == .empty)
        #expect(validator.progress.fractionComplete == nil)
    }

    @Test func progressRisesToOne() {
        var validator = SnapshotValidator()
        var last = 0.0
        for byte in Sample.text.utf8 {
            withUnsafeBytes(of: byte) { validator.feed($0) }
            guard let fraction = validator.progress.fractionComplete else { continue }
            #expect(fraction >= last && fraction <= 1)
            last = fraction
        }
        #expect(last == 1)
        #expect(validator.progress.declaredNodes == 5)
        #expect(validator.progress.nodes == 5)
        #expect(validator.progress.edges == 6)
        #expect(validator.progress.strings == 6)
        #expect(validator.progress.bytes == Sample.counts.bytes)
    }

    @Test(arguments: [
        ("\u{1F}", "begin"), ("<!DOCTYPE html>", "HTML"), ("[1,2]", "JSON array"), ("{}", "empty JSON object"),
        ("null", "begin"),
        ("{ \"snapshots\":{}}", "first key"), ("{\"snapshot\":[]}", "object"), ("{\"snapshot\":{}}", "description"),
        ("{\"snapshot\":{\"meta\":1}}", "description"), ("{snapshot:", "first key"),
    ])
    func otherFilesAreNotSnapshots(text: String, hint: String) {
        for size in [1, 1000] {
            guard case .notASnapshot(let file) = verdict(on: Array(text.utf8), chunk: { size }) else {
                Issue.record("taken for a snapshot")
                return
            }
            #expect(file.reason.contains(hint))
        }
    }

    /// Byte by byte, the first of them do not tell yet what the file is instead.
    @Test(arguments: [#"{"nodes":[{"id":1,"callFrame":{}}]}"#, "{\"nodes\":[" + String(repeating: "1,", count: 300)])
    func theEarlyVerdictStays(text: String) {
        var validator = SnapshotValidator()
        var early: SnapshotVerdict?
        for byte in text.utf8 {
            withUnsafeBytes(of: byte) { validator.feed($0) }
            if let early { #expect(validator.verdictSoFar == early) }
            early = validator.verdictSoFar
        }
        #expect((early != nil) == (text.utf8.count > ForeignFile.prefixLength))
        #expect(validator.finish() == .notASnapshot(ForeignFile(Array(text.utf8.prefix(ForeignFile.prefixLength)))))
    }
}

extension SnapshotVerdict {
    enum Kind { case valid, empty, truncated, inconsistent, notASnapshot }

    var kind: Kind {
        switch self {
        case .valid: .valid
        case .empty: .empty
        case .truncated: .truncated
        case .inconsistent: .inconsistent
        case .notASnapshot: .notASnapshot
        }
    }
}
