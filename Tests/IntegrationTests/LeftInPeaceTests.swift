import Foundation
import Testing

/// What heapdump must not do to a process, although it could.
struct LeftInPeaceTests {
    /// A connection that is closed with data unread is reset, and a server that expects no error dies of it.
    @Test(arguments: Node.supported)
    func connectsToNoPortOfTheApplication(node: Node) throws {
        let prelude = """
            globalThis.connections = 0;
            require('net').createServer((socket) => {
              globalThis.connections++;
              socket.write('x'.repeat(100000));
            }).listen(0, '127.0.0.1');
            process.on('exit', () => console.error('connections: ' + globalThis.connections));
            """
        try Target.withPrelude(prelude, node) { target in
            try Heapdump.run(["\(target.pid)"]).expect(exit: 0)
            try target.expectToServe()
            target.child.closeInput()
            try target.child.finish().expect(saying: "connections: 0")
        }
    }

    /// What the reader has not taken waits neither in the target nor behind an open port.
    @Test(arguments: Node.supported, Way.allCases)
    func isNotHeldUpByASlowReader(node: Node, way: Way) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                mkfifo(directory("go"), 0o600)
                let line = #""$0" "$1" -m "$2" -o - | { read go < go; cat > got.heapsnapshot; }"#
                let row = ["sh", "-c", line, Heapdump.binary, "\(target.pid)", way.rawValue]
                try Command(row, in: directory.path).withChild { pipeline in
                    try eventually("the port is closed before anybody reads") {
                        target.wasSignalled && target.inspectors.isEmpty
                    }
                    #expect(pipeline.poll() == nil)
                    try Data("go\n".utf8).write(to: URL(fileURLWithPath: directory("go")))
                    try pipeline.finish().expect(exit: 0)
                }
                try Heapdump.run(["check", "got.heapsnapshot"], in: directory).expect(exit: 0)
                try target.awaitBackToNormal()
                try target.expectToServe()
            }
        }
    }

    /// The guardian of the killed one finishes first.
    @Test(arguments: Node.supported, Way.allCases)
    func theNextHeapdumpNeedNotWaitForTheKilledOne(node: Node, way: Way) throws {
        try Target.with("big-heap-server.js", node, arguments: ["10"]) { target in
            try TemporaryDirectory.with { directory in
                try MidDump.with(way, of: target, in: directory) { heapdump in
                    heapdump.send(SIGKILL)
                    _ = try heapdump.finish()
                    try Heapdump.run(["\(target.pid)"], in: directory).expect(exit: 0)
                }
                #expect(directory.contents.count == 1)
                try target.awaitBackToNormal()
                try target.expectToServe()
            }
        }
    }

    @Test(arguments: ["-o -", "-q", "--json"])
    func aResultThatCannotBeWrittenIsNoSuccess(options: String) throws {
        try Target.with("idle-server.js", .v24) { target in
            try TemporaryDirectory.with { directory in
                let row = ["sh", "-c", #""$0" "$1" \#(options) >&-"#, Heapdump.binary, "\(target.pid)"]
                try Command(row, in: directory.path).run().expect(exit: 73)
                try target.awaitBackToNormal()
                try target.expectToServe()
            }
        }
    }

    @Test func afterTheTimeoutTheOthersAreLeftAlone() throws {
        try Target.with("big-heap-server.js", .v20, arguments: ["10"]) { first in
            try Target.with("idle-server.js", .v20) { second in
                let run = try Heapdump.run(["\(first.pid)", "\(second.pid)", "--timeout", "0.3"])
                run.expect(exit: 75)
                try second.expectUntouched()
                try first.awaitBackToNormal()
            }
        }
    }

    @Test func tooFewDescriptorsAreSaidBeforeAnythingIsDone() throws {
        try Target.with("idle-server.js", .v24) { target in
            let row = ["sh", "-c", #"ulimit -n 16; "$0" "$1""#, Heapdump.binary, "\(target.pid)"]
            let run = try Command(row).run()
            run.expect(exit: 70)
            run.expect(saying: "ulimit -n")
            try target.expectUntouched()
        }
    }
}
