import Foundation
import Testing

struct TargetDeathTests {
    @Test(arguments: Node.supported)
    func endsSoonAndLeavesNothingWhenTheProcessIsKilled(node: Node) throws {
        try Target.with("big-heap-server.js", node, arguments: [MidDump.heap]) { target in
            try TemporaryDirectory.with { directory in
                try MidDump.with(.inspector, of: target, in: directory) { heapdump in
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

    /// A copy needs the process no more.
    @Test(arguments: Node.one)
    func getsTheSnapshotOfACopyWhenTheProcessIsKilled(node: Node) throws {
        let program = "big-heap-server.js"
        try Target.with(program, node, arguments: [MidDump.heap]) { target in
            let records = try #require(target.facts["records"] as? Int)
            try TemporaryDirectory.with { directory in
                try MidDump.with(.fork, ["--json"], of: target, in: directory) { heapdump in
                    let copy = try target.awaitCopy()
                    target.child.send(SIGKILL)
                    let run = try heapdump.finish()
                    run.expect(exit: 0)
                    run.expect(saying: "it has ended meanwhile")
                    let report = try run.json()
                    #expect((report["warnings"] as? [String])?.count == 1, "\(report)")
                    let path = try #require(report["file"] as? String)
                    #expect(try SnapshotText(path).ids(ofClass: "Record").count == records)
                    try eventually("the copy has ended") { !ForkedCopies.isAtWork(copy) }
                }
                #expect(directory.contents.count == 1)
                try eventually("the guardian has ended") { Guardian.pids(watching: target.pid).isEmpty }
            }
        }
    }

    /// Where it is the first process of its pid namespace, the kernel ends all others of it.
    @Test(arguments: Node.supported)
    func saysThatACopyDiedWithItsContainer(node: Node) throws {
        try Requirement.root()
        let row = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", try node.path(), "--inspect-port=0"]
        try Command(row + ["\(Package.targets)/big-heap-server.js", MidDump.heap]).withChild { launcher in
            let pid = try launcher.pidOfReadyChild()
            try TemporaryDirectory.with { directory in
                let command = Heapdump.command(["\(pid)", "-m", "fork", "-v"], in: directory.path)
                try command.withChild { heapdump in
                    try eventually("it is forked: \(heapdump.stderr.text)") {
                        heapdump.stderr.text.contains("forked as process")
                    }
                    kill(pid, SIGKILL)
                    let run = try heapdump.finish()
                    run.expect(exit: 68)
                    run.expect(saying: "died")
                    #expect(run.stdout.isEmpty)
                }
                #expect(directory.contents.isEmpty)
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
