import Foundation
import Testing

struct SeveralProcessesTests {
    @Test(arguments: Node.supported)
    func dumpsOneAfterAnother(node: Node) throws {
        try withTwo(node) { first, second, directory in
            let run = try Heapdump.run(["\(first.pid)", "\(second.pid)", "-o", "%p-%n.heapsnapshot"], in: directory)
            run.expect(exit: 0)
            let paths = [first, second].map { directory("\($0.pid)-idle-server.js.heapsnapshot") }
            #expect(run.stdout == paths.map { $0 + "\n" }.joined())
            for path in paths { #expect(try SnapshotText(path).nodeCount > 1000) }
            try first.expectBackToNormal()
            try second.expectBackToNormal()
        }
    }

    @Test func writesIntoADirectory() throws {
        try withTwo(.v22) { first, second, directory in
            try FileManager.default.createDirectory(atPath: directory("dumps"), withIntermediateDirectories: false)
            for output in ["dumps/", "dumps"] {
                let run = try Heapdump.run(["\(first.pid)", "\(second.pid)", "-o", output], in: directory)
                run.expect(exit: 0)
                let paths = run.stdout.split(separator: "\n")
                #expect(paths.allSatisfy { $0.hasPrefix(directory("dumps/heapdump-")) }, "\(run)")
            }
            #expect(directory.contents == ["dumps"])
            #expect(TemporaryDirectory(path: directory("dumps")).contents.count == 4)
        }
    }

    /// The others are dumped all the same.
    @Test func exitsWithTheFirstFailure() throws {
        let gone = try Command(["true"]).withChild { child in
            _ = try child.finish()
            return child.pid
        }
        try withTwo(.v20) { first, second, directory in
            let pids = [first.pid, gone, second.pid].map(String.init)
            let run = try Heapdump.run(pids + ["--json"], in: directory)
            run.expect(exit: 66)
            run.expect(saying: "no process \(gone)")
            let codes = try run.stdout.split(separator: "\n").map { line in
                try (JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["exit_code"] as? Int
            }
            #expect(codes == [0, 66, 0])
            #expect(directory.contents.count == 2)
        }
    }

    @Test(arguments: ["a.heapsnapshot", "-", "%n.heapsnapshot"])
    func refusesOneNameForAll(output: String) throws {
        try withTwo(.v18) { first, second, directory in
            let run = try Heapdump.run(["\(first.pid)", "\(second.pid)", "-o", output], in: directory)
            run.expect(exit: 64)
            #expect(directory.contents.isEmpty)
            try first.expectUntouched()
            try second.expectUntouched()
        }
    }

    @Test func warnsOfANameThatDevToolsDoesNotOpen() throws {
        try Target.with("idle-server.js", .v24) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-o", "leak.json"], in: directory)
                run.expect(exit: 0)
                run.expect(saying: "warning", ".heapsnapshot")
                #expect(directory.contents == ["leak.json"])
            }
        }
    }

    /// Each finds the process as if it were alone.
    @Test(arguments: Node.supported)
    func takesTurnsWithAnotherHeapdump(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                try Heapdump.command(["\(target.pid)", "-o", "a.heapsnapshot"], in: directory.path).withChild { other in
                    try Heapdump.run(["\(target.pid)", "-o", "b.heapsnapshot"], in: directory).expect(exit: 0)
                    try other.finish().expect(exit: 0)
                }
                #expect(directory.contents == ["a.heapsnapshot", "b.heapsnapshot"])
                try target.awaitBackToNormal()
                try target.expectToServe()
            }
        }
    }

    private func withTwo(_ node: Node, _ body: (Target, Target, TemporaryDirectory) throws -> Void) throws {
        try Target.with("idle-server.js", node) { first in
            try Target.with("idle-server.js", node) { second in
                try TemporaryDirectory.with { try body(first, second, $0) }
            }
        }
    }
}
