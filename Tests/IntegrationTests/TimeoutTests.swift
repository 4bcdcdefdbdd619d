import Foundation
import Testing

struct TimeoutTests {
    @Test(arguments: Node.one, Way.allCases)
    func givesUpInTime(node: Node, way: Way) throws {
        try Target.with("big-heap-server.js", node, arguments: [MidDump.largeHeap]) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--timeout", "2"] + way.options, in: directory)
                run.expect(exit: 75)
                run.expect(saying: "timed out after 2 s")
                // A copy is ended; V8 in the process itself cannot be stopped.
                #expect(run.stderr.contains("may stay busy") == (way == .inspector), "\(run)")
                #expect(run.duration > .seconds(2) && run.duration < .seconds(15), "\(run)")
                #expect(directory.contents.isEmpty)
            }
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }

    @Test(arguments: Node.one, Way.allCases)
    func namesTheCallThatBlocksAnOpenInspector(node: Node, way: Way) throws {
        try Target.with("blocked-in-read.js", node, options: ["--inspect=127.0.0.1:0"]) { target in
            let before = target.inspectors
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--stall-timeout", "1"] + way.options, in: directory)
                run.expect(exit: 75)
                run.expect(saying: "blocked in read")
                #expect(run.duration < .seconds(30), "\(run)")
                #expect(directory.contents.isEmpty)
            }
            try expectToReadOn(target)
            #expect(target.inspectors == before)
        }
    }

    private func expectToReadOn(_ target: Target) throws {
        try target.child.write("hello\n")
        try eventually("process \(target.pid) reads on") { target.child.stdout.text.contains("read 6") }
    }
}
