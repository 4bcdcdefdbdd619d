import Foundation
import Testing

struct StandardOutputTests {
    @Test(arguments: Node.supported, Way.allCases)
    func writesTheSnapshotAndNothingElse(node: Node, way: Way) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-o", "-", "--json"] + way.options, in: directory)
                #expect(run.ending == .exited(0), "\(run.stderr)")
                let snapshot = SnapshotText(run.output)
                let report = try #require(
                    try JSONSerialization.jsonObject(with: Data(run.stderr.utf8)) as? [String: Any], "\(run.stderr)")
                #expect(report["bytes"] as? Int == snapshot.bytes)
                #expect(try report["nodes"] as? Int == snapshot.nodeCount)
                #expect(report["verdict"] as? String == "valid")
                #expect(report["file"] == nil)
                #expect(directory.contents.isEmpty)
                try target.expectBackToNormal()
            }
        }
    }

    @Test(arguments: Node.supported, Way.allCases)
    func endsWhenTheReaderLeaves(node: Node, way: Way) throws {
        try Target.with("idle-server.js", node) { target in
            let pipe = try Pipe()
            var command = Heapdump.command(["\(target.pid)", "-o", "-"] + way.options, in: "/")
            command.standardOutput = pipe.writer
            try command.withChild { child in
                #expect(try pipe.readSome().starts(with: Data("{\"snapshot\"".utf8)))
                pipe.leave()
                let run = try child.finish()
                run.expect(exit: 73)
                run.expect(saying: String(cString: strerror(EPIPE)))
            }
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }

    @Test(arguments: Way.allCases)
    func canBeInterruptedWhereNobodyReads(way: Way) throws {
        try Target.with("idle-server.js", .v24) { target in
            let pipe = try Pipe()
            var command = Heapdump.command(["\(target.pid)", "-o", "-"] + way.options, in: "/")
            command.standardOutput = pipe.writer
            try command.withChild { child in
                #expect(try !pipe.readSome().isEmpty)
                child.send(SIGTERM)
                try child.finish(within: .seconds(30)).expect(exit: 143)
            }
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }

    @Test func refusesATerminal() throws {
        try Target.with("idle-server.js", .v24) { target in
            let terminal = try Terminal()
            var command = Heapdump.command(["\(target.pid)", "-o", "-"], in: "/")
            command.standardOutput = terminal.descriptor
            let run = try terminal.run(command)
            run.expect(exit: 73)
            run.expect(saying: "a terminal")
            #expect(terminal.text.isEmpty)
            try target.expectUntouched()
        }
    }
}
