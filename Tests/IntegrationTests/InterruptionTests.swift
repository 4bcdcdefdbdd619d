import Foundation
import Testing

/// heapdump ends in mid-dump: V8 finishes in its own time, and then nothing is left.
struct InterruptionTests {
    @Test(arguments: Node.supported, [SIGINT, SIGTERM, SIGHUP, SIGKILL])
    func leavesNothingBehind(node: Node, signal: Int32) throws {
        try Target.with("big-heap-server.js", node, arguments: [MidDump.heap]) { target in
            try TemporaryDirectory.with { directory in
                try MidDump.with([], of: target, in: directory) { heapdump in
                    heapdump.send(signal)
                    let run = try heapdump.finish()
                    #expect(run.ending == (signal == SIGKILL ? .signalled(SIGKILL) : .exited(128 + signal)), "\(run)")
                    #expect(run.stdout.isEmpty, "\(run)")
                }
                #expect(directory.contents.isEmpty)
                try target.awaitBackToNormal()
                try target.expectToServe()
                let run = try Heapdump.run(["\(target.pid)"], in: directory)
                run.expect(exit: 0)
                #expect(directory.contents.count == 1)
                try target.expectBackToNormal(requests: 2)
            }
        }
    }

    @Test(arguments: Node.supported)
    func closesTheInspectorOfJavaScriptThatNeverYields(node: Node) throws {
        try Target.with("spinning.js", node) { target in
            try TemporaryDirectory.with { directory in
                try MidDump.with([], of: target, in: directory) { heapdump in
                    heapdump.send(SIGKILL)
                    _ = try heapdump.finish()
                }
                #expect(directory.contents.isEmpty)
                try target.awaitBackToNormal()
                try target.expectToSpin()
            }
        }
    }
}
