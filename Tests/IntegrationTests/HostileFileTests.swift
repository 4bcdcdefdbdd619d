import Foundation
import Testing

/// `heapdump check` on files that were made to do harm: a verdict in time, little memory, nothing raw on the terminal.
struct HostileFileTests {
    private static let meta = """
        {"node_fields":["type","name","id","self_size","edge_count"],"node_types":[["synthetic"],"string","number","number","number"],\
        "edge_fields":["type","name_or_index","to_node"],"edge_types":[["context"],"string_or_number","node"]}
        """

    private static func header(nodes: String = "1", edges: String = "0", meta: String = meta) -> String {
        "{\"snapshot\":{\"meta\":\(meta),\"node_count\":\(nodes),\"edge_count\":\(edges)}"
    }

    private struct Case: CustomStringConvertible, Sendable {
        let description: String
        let verdict: String
        /// Writes it.
        let write: @Sendable (FileHandle) throws -> Void

        init(_ description: String, _ verdict: String, _ text: String) {
            self.description = description
            self.verdict = verdict
            write = { try $0.write(contentsOf: Data(text.utf8)) }
        }

        /// A beginning, and so many megabytes of the same.
        init(_ description: String, _ verdict: String, _ text: String, then filler: String, megabytes: Int) {
            self.description = description
            self.verdict = verdict
            write = { file in
                try file.write(contentsOf: Data(text.utf8))
                let block = Data(String(repeating: filler, count: (1 << 20) / filler.utf8.count).utf8)
                for _ in 0..<megabytes { try file.write(contentsOf: block) }
            }
        }

        init(_ description: String, _ verdict: String, write: @escaping @Sendable (FileHandle) throws -> Void) {
            self.description = description
            self.verdict = verdict
            self.write = write
        }
    }

    private static let cases = [
        Case("a terabyte of nothing", "not a snapshot") { try $0.truncate(atOffset: 1 << 40) },
        Case("deep nesting before the header", "not a snapshot", "", then: "[", megabytes: 10),
        Case("deep nesting in the header", "inconsistent", "{\"snapshot\":{\"a\":", then: "[", megabytes: 10),
        Case("a header without end", "inconsistent", "{\"snapshot\":{\"", then: "a", megabytes: 100),
        Case("spaces without end", "truncated", "{\"snapshot\":", then: " ", megabytes: 100),
        Case("more nodes than a number holds", "inconsistent", header(nodes: "99999999999999999999999") + "}"),
        Case("fewer than no nodes", "inconsistent", header(nodes: "-1") + "}"),
        Case("a number with an exponent", "inconsistent", header(nodes: "1e400") + "}"),
        Case(
            "a hundred thousand fields", "inconsistent",
            header(
                meta: "{\"node_fields\":[" + Array(repeating: "\"type\"", count: 100_000).joined(separator: ",") + "]}")
        ),
        Case("a digit without end", "inconsistent", header() + ",\"nodes\":[", then: "9", megabytes: 10),
        Case(
            "ids that lie far apart", "truncated",
            write: { file in
                try file.write(contentsOf: Data((header(nodes: "4000000") + ",\"nodes\":[0,0,1,0,0").utf8))
                var id: UInt64 = 1
                for _ in 0..<40 {
                    var rows = ""
                    for _ in 0..<10_000 {
                        id += 1 << 32 | 2
                        rows += ",0,0,\(id),0,0"
                    }
                    try file.write(contentsOf: Data(rows.utf8))
                }
            }),
        Case(
            "a string without end", "truncated", header() + ",\"nodes\":[0,0,1,0,0],\"edges\":[],\"strings\":[\"",
            then: "x", megabytes: 200),
        Case(
            "strings without end", "truncated", header() + ",\"nodes\":[0,0,1,0,0],\"edges\":[],\"strings\":[",
            then: "\"\",", megabytes: 100),
        Case(
            "two snapshots", "inconsistent",
            String(repeating: header() + ",\"nodes\":[0,0,1,0,0],\"edges\":[],\"strings\":[\"\"]}", count: 2)),
        Case(
            "a string that is not there", "inconsistent",
            header() + ",\"nodes\":[0,4294967295,1,0,0],\"edges\":[],\"strings\":[\"\"]}"),
        Case(
            "an edge to nowhere", "inconsistent",
            header(edges: "1") + ",\"nodes\":[0,0,1,0,1],\"edges\":[0,0,18446744073709551615],\"strings\":[\"\"]}"),
        Case("escape sequences", "not a snapshot", "\u{1B}]0;owned\u{07}\u{1B}[2J\u{9B}31m"),
    ]

    @Test(arguments: cases)
    private func endsInAVerdict(_ test: Case) throws {
        try TemporaryDirectory.with { directory in
            let name = "\u{1B}[2Jhostile.heapsnapshot"
            try Data().write(to: URL(fileURLWithPath: directory(name)))
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: directory(name)))
            try test.write(file)
            try file.close()
            let launcher = ["python3", "\(Package.root)/Tests/Launchers/note-peak.py", directory("peak")]
            let run = try Command(launcher + [Heapdump.binary, "check", name], in: directory.path).run()
            run.expect(exit: 65)
            #expect(run.stdout.contains(": \(test.verdict)"), "\(run)")
            #expect(!run.stdout.contains("\u{1B}") && !run.stderr.contains("\u{1B}"), "\(run)")
            #expect(run.stdout.utf8.count < 2000)
            let peakBytes = try #require(Int(String(contentsOfFile: directory("peak"), encoding: .utf8)))
            #expect(peakBytes < 64 << 20, "\(peakBytes) bytes")
        }
    }
}
