import Foundation
import Testing

/// Processes whose inspectors would have the same port.
struct InspectorPortTests {
    @Test(arguments: Node.one)
    func neverDumpsTheProcessThatHoldsThePort(node: Node) throws {
        let port = try Listener.freePort()
        try Target.with("idle-server.js", node, options: ["--inspect-port=\(port)"]) { wanted in
            try Target.with("idle-server.js", node, options: ["--inspect=127.0.0.1:\(port)"]) { holder in
                let inspector = holder.inspectors
                #expect(inspector.map(\.port) == [port])
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(wanted.pid)", "--no-ptrace", "--wait", "0.2"], in: directory)
                    run.expect(exit: 75)
                    run.expect(saying: "\(port)", "\(holder.pid)")
                    #expect(directory.contents.isEmpty)
                }
                try wanted.expectUntouched()
                #expect(holder.inspectors == inspector)
                // Node tells of every client that comes.
                #expect(!holder.child.stderr.text.contains("Debugger attached"), "\(holder.child.stderr.text)")
                try holder.expectToServe()
            }
            try eventually("port \(port) is free") { !Listener.isAnyone(on: port) }
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(wanted.pid)", "-v"], in: directory)
                run.expect(exit: 0)
                run.expect(saying: "\(port)")
            }
            try wanted.expectBackToNormal(requests: 2)
        }
    }

    /// Node would ask for the port that the kernel chose before, which may be another program's by then.
    @Test(arguments: Node.supported, ["--method=fork", "--method=inspector"])
    func opensItAgainWhereItsFormerPortIsTaken(node: Node, method: String) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                try Heapdump.run(["\(target.pid)", method], in: directory).expect(exit: 0)
                let listening = try #require(target.child.stderr.text.firstMatch(of: /ws:\/\/127\.0\.0\.1:(\d+)\//))
                try Listener.whileTaken(port: try #require(UInt16(listening.1))) {
                    try Heapdump.run(["\(target.pid)", method], in: directory).expect(exit: 0)
                }
                #expect(directory.contents.count == 2)
            }
            try target.expectBackToNormal()
        }
    }

    /// Node's own choice where nobody has named a port. Whatever else uses it on this machine goes first.
    @Test func findsTheInspectorOnNodesOwnPort() throws {
        let port = 9229
        try Target.with("idle-server.js", .v24, options: []) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-v"], in: directory)
                if run.ending != .exited(0), run.stderr.contains("\(port)") {
                    try Test.cancel("port \(port) is in use by another program")
                }
                run.expect(exit: 0)
                run.expect(saying: "\(port)")
            }
            try target.awaitBackToNormal()
        }
    }
}
