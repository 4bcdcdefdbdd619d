import Foundation
import Testing

/// Processes that share port 9229: one at a time on any machine, so these tests run one after another.
@Suite(.serialized)
struct DefaultPortTests {
    private static let port = 9229

    @Test(arguments: Node.supported)
    func neverDumpsTheProcessThatHoldsThePort(node: Node) throws {
        try awaitFreePort()
        try Target.with("idle-server.js", node, options: []) { wanted in
            try Target.with("idle-server.js", node, options: ["--inspect=127.0.0.1:\(Self.port)"]) { holder in
                let inspector = holder.inspectors
                #expect(inspector.map(\.port) == [Self.port])
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(wanted.pid)"], in: directory)
                    run.expect(exit: 69)
                    run.expect(saying: "\(Self.port)", "\(holder.pid)")
                    #expect(directory.contents.isEmpty)
                }
                try wanted.expectUntouched()
                #expect(holder.inspectors == inspector)
                // Node tells of every client that comes.
                #expect(!holder.child.stderr.text.contains("Debugger attached"), "\(holder.child.stderr.text)")
                try holder.expectToServe()
            }
            try awaitFreePort()
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(wanted.pid)", "-v"], in: directory)
                run.expect(exit: 0)
                run.expect(saying: "\(Self.port)")
            }
            try wanted.expectBackToNormal(requests: 2)
        }
    }

    /// Other programs of the machine may use it as well.
    private func awaitFreePort() throws {
        try eventually("port \(Self.port) is free") { !Listener.isAnyone(on: Self.port) }
    }
}
