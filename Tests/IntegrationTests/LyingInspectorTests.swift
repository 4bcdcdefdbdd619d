import Foundation
import Testing

/// A process that answers as an inspector does, and sends no snapshot.
struct LyingInspectorTests {
    @Test(arguments: ["garbage", "truncated", "nothing"], Dumping.all)
    func publishesNothing(answer: String, dumping: Dumping) throws {
        try Target.with("lying-inspector.js", dumping.node, arguments: [answer]) { target in
            try TemporaryDirectory.with { directory in
                // Left to itself, it tries to fork first, and gets no answer of an agent's.
                let options = dumping.way == .fork ? [] : dumping.way.options
                let run = try Heapdump.run(["\(target.pid)", "--json"] + options, in: directory)
                run.expect(exit: 65)
                run.expect(saying: "not valid", "--keep-partial")
                let report = try run.json()
                let verdicts = ["garbage": "not a snapshot", "truncated": "truncated", "nothing": "empty"]
                #expect(report["verdict"] as? String == verdicts[answer])
                #expect(report["file"] == nil)
                let failed = report["failed_methods"] as? [[String: String]]
                #expect(failed?.compactMap { $0["method"] } == (dumping.way == .fork ? ["fork"] : []))
                #expect(directory.contents.isEmpty)
            }
            #expect(!target.wasSignalled)
            #expect(try target.get().hasPrefix("ok "))
        }
    }

    @Test func keepsWhatCameWhereThatIsAsked() throws {
        try Target.with("lying-inspector.js", .v24, arguments: ["truncated"]) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(
                    ["\(target.pid)", "-o", "a.heapsnapshot", "--keep-partial"] + Way.inspector.options, in: directory)
                run.expect(exit: 65)
                run.expect(saying: "a.heapsnapshot.partial")
                #expect(directory.contents == ["a.heapsnapshot.partial"])
            }
        }
    }
}
