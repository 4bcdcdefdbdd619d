import Foundation
import Testing

/// What heapdump says first of programs that leak, each in a way of its own: `Tests/Leaks`.
struct LeakTests {
    struct Leak: Decodable, CustomTestStringConvertible, Sendable {
        let program: String
        let summary: Suspect
        let diff: Growth

        struct Suspect: Decodable, Sendable {
            /// Beginnings of class names; V8 and Node keep some things differently from version to version.
            let suspect: [String]
            /// In the sentence: the variable and its file, or what runs.
            let place: String
        }

        struct Growth: Decodable, Sendable {
            /// Of what becomes more, or larger.
            let grown: [String]
            let place: String
            /// How the path to what holds it ends.
            let path: String
        }

        var testDescription: String { program }
    }

    /// What Scripts/leaks.py holds programs against, too.
    static let leaks: [Leak] = {
        let file = URL(fileURLWithPath: Package.root + "/Tests/Leaks/expected.json")
        do {
            return try JSONDecoder().decode([Leak].self, from: Data(contentsOf: file))
        } catch {
            Issue.record("\(file.path): \(error)")
            return []
        }
    }()

    @Test func knowsWhatEachProgramLeaks() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Package.root + "/Tests/Leaks")
        #expect(files.filter { $0.hasSuffix("js") }.sorted() == Self.leaks.map(\.program).sorted())
        #expect(Self.leaks.count >= 30)
    }

    /// Two forked dumps, whose objects are numbered independently. What grew is the leak, and no table of Node's own; and what holds most
    /// of the newer one is, too.
    @Test(arguments: leaks)
    func diffAndSummaryNameIt(leak: Leak) throws {
        try TemporaryDirectory.with { directory in
            let row = [try Node.v26.path(), "--inspect-port=0", Package.root + "/Tests/Leaks/" + leak.program]
            try Target.with(Command(row)) { target in
                func leaked() -> Int { target.child.stdout.text.split(separator: "\n").count { $0 == "grown" } }
                for file in ["older", "newer"] {
                    if file == "newer" {
                        let before = leaked()
                        try eventually("it has leaked for a while") { leaked() >= before + 6 }
                    }
                    let dump = ["\(target.pid)", "-q", "-m", "fork", "-o", file + ".heapsnapshot"]
                    try Heapdump.run(dump, in: directory).expect(exit: 0)
                }
            }
            let run = try Heapdump.run(["diff", "older.heapsnapshot", "newer.heapsnapshot", "--json"], in: directory)
            run.expect(exit: 0)
            let growth = try run.rows("growth")
            let said = growth.map { "\($0["class"] ?? "") at \(expression($0["path"]))" }
            let first = try #require(growth.first, "\(run)")
            let grown = first["class"] as? String ?? ""
            #expect(leak.diff.grown.contains { grown.hasPrefix($0) }, "\(said)")
            let path = expression(first["path"]).replacing(/[\[{]\d+[\]}]$/, with: "")
            #expect(path.hasSuffix(leak.diff.path), "\(said)")
            let text = try Heapdump.run(["diff", "older.heapsnapshot", "newer.heapsnapshot"], in: directory)
            #expect(text.stdout.split(separator: "\n").dropFirst(3).first?.contains(leak.diff.place) == true, "\(text)")
            // Whatever is told beside it hangs where the program keeps it, too.
            #expect(growth.count <= 3, "\(said)")
            let summary = try Heapdump.run(["summary", "newer.heapsnapshot", "--json"], in: directory)
            summary.expect(exit: 0)
            let suspect = try #require(try summary.rows("suspects").first, "\(summary)")
            let (className, sentence) = (suspect["class"] as? String ?? "", suspect["sentence"] as? String ?? "")
            #expect(leak.summary.suspect.contains { className.hasPrefix($0) }, "\(sentence)")
            #expect(sentence.contains(leak.summary.place), "\(sentence)")
        }
    }
}
