import Foundation
import Testing

struct TargetDeathTests {
    @Test(arguments: Node.supported)
    func endsSoonAndLeavesNothingWhenTheProcessIsKilled(node: Node) throws {
        try Target.with("big-heap-server.js", node, arguments: [MidDump.heap]) { target in
            try TemporaryDirectory.with { directory in
                try MidDump.with([], of: target, in: directory) { heapdump in
                    target.child.send(SIGKILL)
                    let killed = ContinuousClock.now
                    let run = try heapdump.finish()
                    #expect(killed.duration(to: .now) < .seconds(10))
                    run.expect(exit: 68)
                    run.expect(saying: "died")
                    #expect(run.stdout.isEmpty)
                }
                #expect(directory.contents.isEmpty)
                try eventually("the guardian has ended") { Guardian.pids(watching: target.pid).isEmpty }
            }
        }
    }

    @Test(arguments: Node.supported)
    func saysThatAnEndedProcessIsNotThere(node: Node) throws {
        try Target.with("exits-soon.js", node) { target in
            try target.child.write("\n")
            let end = try target.child.finish()
            #expect(end.ending == .exited(0))
            try Heapdump.run(["\(target.pid)"]).expect(exit: 66)
        }
    }
}
