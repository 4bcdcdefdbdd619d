import Foundation
import Testing

/// A process that answers as an inspector does, and sends no snapshot.
struct LyingInspectorTests {
    @Test(arguments: ["garbage", "truncated", "nothing"], Node.one)
    func publishesNothing(answer: String, node: Node) throws {
        try Target.with("lying-inspector.js", node, arguments: [answer]) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--json"] + Way.inspector.options, in: directory)
                run.expect(exit: 65)
                run.expect(saying: "not valid", "--keep-partial")
                let report = try run.json()
                let verdicts = ["garbage": "not a snapshot", "truncated": "truncated", "nothing": "empty"]
                #expect(report["verdict"] as? String == verdicts[answer])
                try run.expect(code: "snapshot-invalid")
                #expect(report["file"] == nil)
                let forked = try Heapdump.run(["\(target.pid)", "--json"] + Way.fork.options, in: directory)
                forked.expect(exit: 69)
                forked.expect(saying: "the agent does not work in it")
                try forked.expect(code: "agent-does-not-work")
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
