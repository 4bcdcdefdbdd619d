import Foundation
import Testing

@testable import HeapSnapshot

struct BoundedMemoryTests {
    private static func prefix(until text: String) -> String {
        guard let range = Sample.text.firstRange(of: text) else { return "" }
        return String(Sample.text[..<range.upperBound])
    }

    /// The beginning of a document, what follows without end, and whether it is refused at some point.
    static let endless: [(start: String, filler: String, refused: Bool)] = [
        ("", "[", true),
        ("", " ", false),
        ("{\"snapshot\":{\"a\":", "[", true),
        ("{\"snapshot\":{\"", "a", true),
        ("{\"snapshot\":", " ", false),
        (prefix(until: "\"nodes\":["), "9", true),
        (prefix(until: "\"nodes\":["), " ", false),
        (prefix(until: "\"edges\":[1,"), "0", true),
        (prefix(until: "\"trace_tree\":["), "[", true),
        (prefix(until: "\"trace_tree\":["), "1,0,0,0,[", true),
        (prefix(until: "\"trace_tree\":["), "1,0,0,0,[],", false),
        (prefix(until: "\"samples\":["), "1,", false),
        (prefix(until: "\"strings\":["), "\"\",", false),
        (prefix(until: "\"strings\":[\""), "x", false),
        (prefix(until: "\"strings\":[\""), "\\u00e9", false),
        (prefix(until: "trace_function_count\":2},"), "\"key\":{\"a\":1},", false),
        (prefix(until: "trace_function_count\":2},") + "\"", "k", false),
        (prefix(until: "trace_function_count\":2},") + "\"x\":", "1", false),
        (Sample.text, "\n", false),
    ]

    @Test(arguments: endless.indices)
    func endlessInputTakesNoMemory(index: Int) {
        let (start, filler, refused) = Self.endless[index]
        var validator = SnapshotValidator()
        Array(start.utf8).withUnsafeBytes { validator.feed($0) }
        let chunk = [UInt8](String(repeating: filler, count: (1 << 16) / filler.utf8.count).utf8)
        let before = residentPages()
        for _ in 0..<200 { chunk.withUnsafeBytes { validator.feed($0) } }
        #expect((validator.verdictSoFar != nil) == refused, "\(String(describing: validator.verdictSoFar))")
        // 12 MB went in; tests in parallel take some themselves.
        #expect(residentPages() - before < (64 << 20) / 4096)
    }

    private func residentPages() -> Int {
        guard let statm = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        return statm.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }
}
