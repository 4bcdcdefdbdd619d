import Foundation
import Testing

/// `heapdump check`, on files that Node itself has written.
struct CheckTests {
    @Test(arguments: Node.allCases)
    func findsNodesOwnSnapshotsValid(node: Node) throws {
        try withSnapshot(by: node) { name, directory in
            let plain = try Heapdump.run(["check", name], in: directory)
            plain.expect(exit: 0)
            #expect(plain.stdout.hasPrefix("\(name): valid"), "\(plain)")
            let run = try Heapdump.run(["check", "--json", name], in: directory)
            run.expect(exit: 0)
            let report = try run.json()
            let snapshot = try SnapshotText(directory(name))
            #expect(report["file"] as? String == name)
            #expect(report["verdict"] as? String == "valid")
            #expect(report["bytes"] as? Int == snapshot.bytes)
            #expect(try report["nodes"] as? Int == snapshot.nodeCount)
            #expect(try report["edges"] as? Int == snapshot.edgeCount)
        }
    }

    @Test func readsStandardInput() throws {
        try withSnapshot(by: .v24) { name, directory in
            let command = Command(["sh", "-c", "cat \(name) | \"$0\" check -", Heapdump.binary], in: directory.path)
            let run = try command.run()
            run.expect(exit: 0)
            #expect(run.stdout.hasPrefix("-: valid"), "\(run)")
        }
    }

    @Test func namesWhatIsWrong() throws {
        try withSnapshot(by: .v20) { name, directory in
            let whole = try Data(contentsOf: URL(fileURLWithPath: directory(name)))
            let text = String(decoding: whole, as: UTF8.self)
            let miscounted = text.replacing("\"node_count\":", with: "\"node_count\":1", maxReplacements: 1)
            let files: [(String, Data, String)] = [
                ("nothing", Data(), "empty"),
                ("half", whole.prefix(whole.count / 2), "truncated"),
                ("almost", whole.prefix(whole.count - 2), "truncated"),
                ("text", Data("Hello.\n".utf8), "not a snapshot"),
                ("json", Data("{\"a\":1}".utf8), "not a snapshot"),
                ("count", Data(miscounted.utf8), "inconsistent"),
            ]
            for (file, data, verdict) in files {
                try data.write(to: URL(fileURLWithPath: directory(file)))
                let run = try Heapdump.run(["check", file], in: directory)
                run.expect(exit: 65)
                #expect(run.stdout.hasPrefix("\(file): \(verdict)"), "\(run)")
                #expect(run.stdout.filter { $0 == "\n" }.count == 1, "\(run)")
            }
            for (file, code) in [("text", "not-a-snapshot"), ("count", "inconsistent")] {
                try Heapdump.run(["check", "--json", file], in: directory).expect(code: code)
            }
            let several = try Heapdump.run(["check", name, "half", name], in: directory)
            several.expect(exit: 65)
            let verdicts = several.stdout.split(separator: "\n").map { $0.contains(": valid") }
            #expect(verdicts == [true, false, true], "\(several)")
        }
    }

    /// Swift's strings hold both names to be the same.
    @Test(arguments: [("b\\377", "b\\376"), ("\\303\\251", "e\\314\\201")])
    func tellsNamesApartByTheirBytes(good: String, bad: String) throws {
        try TemporaryDirectory.with { directory in
            let node = try Node.v24.path()
            let script = """
                good=$(printf '\(good)') bad=$(printf '\(bad)')
                "$1" -e 'require("v8").writeHeapSnapshot("made")' && mv made "$good" && echo no >"$bad"
                "$0" check "$good" "$bad"
                """
            let run = try Command(["sh", "-c", script, Heapdump.binary, node], in: directory.path).run()
            run.expect(exit: 65)
            let lines = run.stdout.split(separator: "\n")
            try #require(lines.count == 2, "\(run)")
            #expect(lines[0].contains(": valid") && lines[1].contains(": not a snapshot"), "\(run)")
        }
    }

    @Test func saysWhenThereIsNoFile() throws {
        let run = try Heapdump.run(["check", "nowhere.heapsnapshot"])
        run.expect(exit: 74)
        run.expect(saying: "nowhere.heapsnapshot", String(cString: strerror(ENOENT)))
        let json = try Heapdump.run(["check", "--json", "nowhere.heapsnapshot"])
        json.expect(exit: 74)
        #expect(try json.json()["error"] is String)
        try json.expect(code: "input-refused")
    }

    @Test func readsNoDirectory() throws {
        try Heapdump.run(["check", "/"]).expect(exit: 74)
    }

    private func withSnapshot(by node: Node, _ body: (String, TemporaryDirectory) throws -> Void) throws {
        try TemporaryDirectory.with { directory in
            let name = "own.heapsnapshot"
            let script = "require('v8').writeHeapSnapshot('\(name)')"
            try Command([node.path(), "-e", script], in: directory.path).run().expect(exit: 0)
            try body(name, directory)
        }
    }
}
