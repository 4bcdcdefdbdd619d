import Foundation
import Testing

/// A dump by a signal that does not go its way: the signal cannot be taken back, and V8 cannot be stopped.
struct SignalDumpTroubleTests {
    @Test(arguments: Node.one)
    func waitsForABusyEventLoop(node: Node) throws {
        try TemporaryDirectory.with { its in
            let arguments = [its("go")]
            try DumpingTarget.with(node, "busy-until-file.js", in: its, arguments: arguments) { target in
                try TemporaryDirectory.with { directory in
                    let command = Heapdump.command(["\(target.pid)", "-m", "signal"], in: directory.path)
                    try command.withChild { heapdump in
                        try eventually("it is seen to be busy: \(heapdump.stderr.text)") {
                            heapdump.stderr.text.contains("begins when its event loop is free")
                        }
                        #expect(its.snapshots.isEmpty && directory.contents.isEmpty)
                        try Data().write(to: URL(fileURLWithPath: its("go")))
                        let run = try heapdump.finish()
                        run.expect(exit: 0)
                        #expect(directory.snapshots.count == 1)
                    }
                }
                #expect(its.contents == ["go"])
            }
        }
    }

    @Test(arguments: Node.supported)
    func saysOnATerminalThatItHasNotBegun(node: Node) throws {
        try TemporaryDirectory.with { its in
            try DumpingTarget.with(node, "busy-until-file.js", in: its, arguments: [its("go")]) { target in
                let terminal = try Terminal()
                var command = Heapdump.command(["\(target.pid)", "-m", "signal", "-t", "2.5"], in: its.path)
                command.standardError = terminal.descriptor
                let run = try terminal.run(command)
                #expect(run.ending == .exited(75), "\(terminal.text)")
                #expect(terminal.text.contains("it has not begun yet"), "\(terminal.text.debugDescription)")
            }
        }
    }

    @Test(arguments: Node.one)
    func saysAfterTheTimeoutThatTheSnapshotMayStillCome(node: Node) throws {
        try DumpingTarget.with(node, "spinning.js") { target, its in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-m", "signal", "-t", "1", "--json"], in: directory)
                run.expect(exit: 75)
                run.expect(saying: "SIGUSR2 cannot be taken back", its.path, "waiting for it to begin")
                #expect(try (run.json()["warnings"] as? [String])?.count == 1)
                #expect(directory.contents.isEmpty)
            }
            #expect(target.child.poll() == nil)
        }
    }

    /// A read that libuv's handler interrupts is taken up again by the kernel.
    @Test(arguments: Node.supported)
    func breaksNoReadOff(node: Node) throws {
        try DumpingTarget.with(node, "blocked-in-read.js") { target, its in
            let run = try Heapdump.run(["\(target.pid)", "-m", "signal", "--stall-timeout", "3"])
            run.expect(exit: 75)
            run.expect(saying: "blocked in read", "cannot be taken back")
            try target.child.write("more\n")
            try eventually("the read goes on: \(target.child.stderr.text)") {
                target.child.stdout.text.contains("read 5")
            }
            #expect(its.contents.isEmpty)
        }
    }

    @Test(arguments: Node.one, [SIGINT, SIGTERM])
    func leavesTheSnapshotThatIsBeingWritten(node: Node, signal: Int32) throws {
        try DumpingTarget.with(node, "big-heap-server.js", arguments: [MidDump.heap]) { target, its in
            try TemporaryDirectory.with { directory in
                try MidDump.withSignal(of: target, in: directory) { heapdump in
                    heapdump.send(signal)
                    let run = try heapdump.finish()
                    run.expect(exit: 128 + signal)
                    run.expect(saying: "goes on writing", its.path, "heapdump check")
                }
                #expect(directory.contents.isEmpty)
            }
            try target.expectToServe()
            let name = try #require(its.snapshots.first)
            try eventually("the snapshot is whole") {
                try Heapdump.run(["check", its(name)]).ending == .exited(0)
            }
        }
    }

    @Test(arguments: Node.one)
    func removesWhatADeadProcessLeft(node: Node) throws {
        try DumpingTarget.with(node, "big-heap-server.js", arguments: [MidDump.heap]) { target, its in
            try TemporaryDirectory.with { directory in
                try MidDump.withSignal(of: target, in: directory) { heapdump in
                    target.child.send(SIGKILL)
                    let run = try heapdump.finish()
                    run.expect(exit: 68)
                    run.expect(saying: "died")
                }
                #expect(directory.contents.isEmpty)
            }
            #expect(its.contents.isEmpty)
        }
    }

    @Test(arguments: Node.one)
    func keepsWhatADeadProcessLeftWhereThatIsAsked(node: Node) throws {
        try DumpingTarget.with(node, "big-heap-server.js", arguments: [MidDump.heap]) { target, its in
            try TemporaryDirectory.with { directory in
                let arguments = ["--keep-partial", "-o", "a.heapsnapshot"]
                try MidDump.withSignal(arguments, of: target, in: directory) { heapdump in
                    try eventually("the first bytes") {
                        its.snapshots.contains { name in
                            let size = try? FileManager.default.attributesOfItem(atPath: its(name))[.size] as? Int
                            return (size ?? 0) > 0
                        }
                    }
                    target.child.send(SIGKILL)
                    let run = try heapdump.finish()
                    run.expect(exit: 68)
                }
                #expect(directory.contents == ["a.heapsnapshot.partial"])
                let check = try Heapdump.run(["check", directory("a.heapsnapshot.partial")])
                check.expect(exit: 65)
                #expect(check.stdout.contains("truncated"), "\(check)")
            }
            #expect(its.contents.isEmpty)
        }
    }
}
