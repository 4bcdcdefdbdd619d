import Foundation
import Testing

@testable import HeapSnapshot

/// The fuzzer's properties, asked of its seeds, of what it once found, and of some thousand changes of the sample.
struct PropertyTests {
    private static let seeds = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fuzz/Seeds/validator")

    @Test func holdOfEverySeed() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.seeds.path)
        #expect(names.count > 5)
        var verdicts: Set<SnapshotVerdict.Kind> = []
        for name in names {
            let bytes = try [UInt8](Data(contentsOf: Self.seeds.appendingPathComponent(name)))
            #expect(ValidatorProperties.violation(on: bytes) == nil, "\(name)")
            let found = verdict(on: bytes)
            verdicts.insert(found.kind)
            if name.hasPrefix("node") { #expect(found.kind == .valid, "\(name): \(found)") }
        }
        #expect(verdicts.isSuperset(of: [.valid, .truncated, .notASnapshot]))
    }

    @Test(arguments: FuzzFinding.all) func holdOfWhatTheFuzzerFound(finding: FuzzFinding) {
        #expect(ValidatorProperties.violation(on: finding.bytes) == nil)
    }

    @Test func holdOfEveryViolation() {
        // A MiB byte by byte takes too long.
        for violation in Violation.all where violation.invariant != .headerSize {
            let bytes = violation.document.bytes
            #expect(ValidatorProperties.violation(on: bytes) == nil, "\(violation.testDescription)")
        }
    }

    @Test func holdOfTheSampleWithOneChange() {
        let bytes = Array(Sample.text.utf8)
        var generator = SeededGenerator(state: 11)
        for index in stride(from: 0, to: bytes.count, by: 7) {
            var changed = bytes
            changed[index] = UInt8.random(in: .min ... .max, using: &generator)
            #expect(ValidatorProperties.violation(on: changed) == nil, "byte \(index) changed to \(changed[index])")
        }
    }

    /// The judge must not be blind: it finds the sample whole, and each violation's document not. The size of the header
    /// is a limit of the validator's, and none of the format's.
    @Test func thePlainReaderJudges() {
        #expect(PlainSnapshot(Array(Sample.text.utf8)).counts == Sample.counts)
        for violation in Violation.all where violation.invariant != .headerSize {
            let bytes = violation.document.bytes
            #expect(PlainSnapshot(bytes).counts == nil, "\(violation.testDescription)")
        }
    }
}
