import Foundation
import Testing

/// heapdump ends in mid-dump: a copy ends with it, V8 in the process itself finishes in its own time, and then nothing is
/// left.
struct InterruptionTests {
    /// What catches signals is the same for all; SIGKILL leaves the rest to others.
    static let all =
        [SIGTERM, SIGHUP].map { (Dumping.all[Dumping.all.count - 1], $0) }
        + Dumping.all.flatMap { dumping in [SIGINT, SIGKILL].map { (dumping, $0) } }

    @Test(arguments: all)
    func leavesNothingBehind(dumping: Dumping, signal: Int32) throws {
        try Target.with("big-heap-server.js", dumping.node, arguments: [MidDump.heap]) { target in
            try TemporaryDirectory.with { directory in
                try MidDump.with(dumping.way, of: target, in: directory) { heapdump in
                    heapdump.send(signal)
                    let run = try heapdump.finish()
                    #expect(run.ending == (signal == SIGKILL ? .signalled(SIGKILL) : .exited(128 + signal)), "\(run)")
                    #expect(run.stdout.isEmpty, "\(run)")
                    // The one whom it leaves no time is stood in for by the agent.
                    if signal != SIGKILL { #expect(target.copies.isEmpty) }
                }
                #expect(directory.contents.isEmpty)
                try target.awaitBackToNormal()
                try target.expectToServe()
                guard signal == SIGKILL else { return }
                let run = try Heapdump.run(["\(target.pid)"], in: directory)
                run.expect(exit: 0)
                #expect(directory.contents.count == 1)
                try target.expectBackToNormal(requests: 2)
            }
        }
    }

    @Test(arguments: Node.one, Way.allCases)
    func closesTheInspectorOfJavaScriptThatNeverYields(node: Node, way: Way) throws {
        try Target.with("spinning.js", node) { target in
            try TemporaryDirectory.with { directory in
                try MidDump.with(way, of: target, in: directory) { heapdump in
                    heapdump.send(SIGKILL)
                    _ = try heapdump.finish()
                }
                #expect(directory.contents.isEmpty)
                try target.awaitBackToSpinning()
            }
        }
    }
}
