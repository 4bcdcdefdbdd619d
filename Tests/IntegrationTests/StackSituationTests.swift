import Foundation
import Testing

/// `heapdump stack` on processes in unusual places, of other users, and while it is killed itself.
struct StackSituationTests {
    /// Frames of the main thread of a program that waits in Atomics.wait, innermost first.
    private func waitingFrames(_ target: Target) throws -> [[String: Any]] {
        var frames: [[String: Any]] = []
        try eventually("Atomics.wait") {
            let run = try Heapdump.run(["stack", "\(target.pid)", "--json"])
            run.expect(exit: 0)
            let report = try run.json()
            frames = (report["threads"] as? [[String: Any]])?.first?["frames"] as? [[String: Any]] ?? []
            return (report["verdict"] as? [String: Any])?["kind"] as? String == "atomics-wait"
        }
        return frames
    }

    private func expectHere(_ frames: [[String: Any]]) {
        let first = frames.first { $0["kind"] as? String == "javascript" }
        #expect(first?["function"] as? String == "here")
        #expect(first?["position"] as? String == "now")
        #expect((first?["file"] as? String)?.hasSuffix("/known-places.js") == true)
    }

    private func places(_ node: String) -> Command {
        Command([node, "\(Package.targets)/known-places.js", "atomics wait", "-"])
    }

    @Test(arguments: Node.forMusl)
    func readsStacksOnMusl(release: String) throws {
        try Target.with(places(try Node.path(release))) { expectHere(try waitingFrames($0)) }
    }

    /// Without symbols native functions have no names, and JavaScript has.
    @Test(arguments: Node.supported)
    func readsStacksOfAStrippedNode(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let stripped = directory("node")
            let strip = try Command(["strip", "-o", stripped, try node.path()]).run(within: .seconds(120))
            try #require(strip.ending == .exited(0), "\(strip)")
            try Target.with(places(stripped)) { target in
                var frames: [[String: Any]] = []
                try eventually("the innermost function") {
                    let run = try Heapdump.run(["stack", "\(target.pid)", "--json"])
                    run.expect(exit: 0)
                    frames = (try run.json()["threads"] as? [[String: Any]])?.first?["frames"] as? [[String: Any]] ?? []
                    return frames.contains { $0["function"] as? String == "here" }
                }
                expectHere(frames)
            }
        }
    }

    /// Its executable, its /proc and its pids are not ours.
    @Test(arguments: Namespaces.allCases)
    func readsStacksInNamespaces(_ namespaces: Namespaces) throws {
        try Requirement.root()
        let command = places(try Node.v26.path())
        try Target.with(Command(namespaces.launcher + command.row)) { target in
            let pid = namespaces.hasOwnPids ? try target.child.pidOfReadyChild() : target.pid
            try eventually("Atomics.wait in a \(namespaces)") {
                let run = try Heapdump.run(["stack", "\(pid)", "--json"])
                run.expect(exit: 0)
                let verdict = try run.json()["verdict"] as? [String: Any]
                return (verdict?["text"] as? String ?? "").hasPrefix("blocked in Atomics.wait, called by here (")
            }
        }
    }

    /// Standard input from a server that says nothing.
    @Test func saysWhichPeerItWaitsFor() throws {
        try Target.with("idle-server.js", .v26) { server in
            let script = "exec \"$0\" \"$1\" </dev/tcp/127.0.0.1/\(server.port)"
            let program = "\(Package.targets)/blocked-in-read.js"
            try Target.with(Command(["bash", "-c", script, try Node.v26.path(), program])) { target in
                try eventually("the peer's address") {
                    let verdict =
                        try Heapdump.run(["stack", "\(target.pid)", "--json"]).json()["verdict"] as? [String: Any]
                    return (verdict?["text"] as? String ?? "")
                        .hasPrefix("blocked in read(fd 0 → socket to 127.0.0.1:\(server.port))")
                }
            }
        }
    }

    @Test func readsStacksOfAnotherUserAsRoot() throws {
        try Requirement.root()
        try Target.with("idle-server.js", .v26, user: .nobody) { target in
            let run = try Heapdump.run(["stack", "\(target.pid)"])
            run.expect(exit: 0)
            #expect(run.stdout.hasPrefix("main thread: idle in epoll_"), "\(run)")
        }
    }

    @Test func isRefusedToOtherUsers() throws {
        try Requirement.root()
        try Target.with("idle-server.js", .v26) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["stack", "\(target.pid)", "--json"], in: directory, user: .nobody)
                run.expect(exit: 77)
                try run.expect(code: "not-permitted")
            }
        }
    }

    /// Names that a program chooses begin no line of their own, and steer no terminal.
    @Test func printsNamesOfOthersAsText() throws {
        try TemporaryDirectory.with { directory in
            let script = directory("a\nmain thread: idle\u{1B}[31m.js")
            let text = "console.log('ready {}'); setTimeout(function here() { for (;;); }, 1)"
            try Data(text.utf8).write(to: URL(fileURLWithPath: script))
            try Target.with(Command([try Node.v26.path(), script])) { target in
                try eventually("the function") {
                    let run = try Heapdump.run(["stack", "\(target.pid)", "\(target.pid)"])
                    run.expect(exit: 0)
                    #expect(!run.stdout.contains("\nmain thread: idle\u{1B}"), "\(run)")
                    #expect(!run.stdout.contains("\u{1B}"), "\(run)")
                    return run.stdout.contains("running JavaScript: here")
                }
            }
        }
    }

    /// The one it waits for, not one that runs beside.
    @Test func namesTheChildThatItWaitsFor() throws {
        let script = """
            const cp = require('child_process'); cp.spawn('sleep', ['1000']);
            console.log('ready {}'); setTimeout(() => cp.execFileSync('sleep', ['999']), 20)
            """
        try Target.with(Command([try Node.v26.path(), "-e", script])) { target in
            defer {
                let children = try? String(
                    contentsOfFile: "/proc/\(target.pid)/task/\(target.pid)/children", encoding: .utf8)
                for child in children?.split(separator: " ") ?? [] { if let pid = pid_t(child) { kill(pid, SIGKILL) } }
            }
            try eventually("the child") {
                let run = try Heapdump.run(["stack", "\(target.pid)"])
                return run.stdout.hasPrefix("main thread: waits for child ") && run.stdout.contains(": sleep 999")
            }
        }
    }

    /// A process that ends while it is looked at has ended, and is not said to be somebody else's.
    @Test func aProcessThatEndsMeanwhileHasEnded() throws {
        for _ in 1...10 {
            let script = "console.log('ready {}'); setTimeout(() => process.exit(), 150)"
            try Target.with(Command([try Node.v26.path(), "-e", script])) { target in
                let run = try Heapdump.run([
                    "stack", "\(target.pid)", "--threads", "--samples", "500", "--interval", "1ms",
                ])
                run.expect(exit: 66)
                run.expect(saying: "process \(target.pid) has ended")
            }
        }
    }

    /// One that cannot be stopped is not kept from running when it can again.
    @Test(arguments: FreezerGroup.hierarchies)
    func letsGoOfAThreadThatDidNotStop(hierarchy: String) throws {
        try FreezerGroup.with(in: hierarchy, "spinning.js", .v26) { target, group in
            try group.freeze()
            let run = try Heapdump.run(["stack", "\(target.pid)", "--json"])
            run.expect(exit: 0)
            let verdict = try run.json()["verdict"] as? [String: Any]
            #expect(verdict?["kind"] as? String == "stopped", "\(run)")
            let text = verdict?["text"] as? String ?? ""
            #expect(text.hasPrefix("frozen with its cgroup"), "\(run)")
            let before = target.child.stdout.text.count
            try group.thaw()
            // It prints once a second.
            try eventually("it goes on") { target.child.stdout.text.count > before }
        }
    }

    /// Each stops a thread for a moment only, and the other waits for that.
    @Test func twoLookAtOneProcess() throws {
        try Target.with("spinning.js", .v26) { target in
            try TemporaryDirectory.with { directory in
                let arguments = ["stack", "\(target.pid)", "--samples", "50", "--interval", "1ms"]
                try Heapdump.command(arguments, in: directory.path).withChild { other in
                    try Heapdump.run(arguments, in: directory).expect(exit: 0)
                    try other.finish().expect(exit: 0)
                }
            }
        }
    }

    /// The kernel lets go of what a tracer held that is killed.
    @Test(arguments: Node.supported)
    func aKilledHeapdumpLeavesTheProcessRunning(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            for attempt in 1...10 {
                try TemporaryDirectory.with { directory in
                    let command = Heapdump.command(
                        ["stack", "\(target.pid)", "--threads", "--samples", "1000", "--interval", "0"],
                        in: directory.path)
                    try command.withChild { child in
                        try eventually("heapdump to be at it") {
                            let status = try String(contentsOfFile: "/proc/\(target.pid)/status", encoding: .utf8)
                            return !status.contains("TracerPid:\t0\n")
                        }
                        child.send(SIGKILL)
                        _ = try child.finish()
                    }
                }
                try target.expectToServe(requests: attempt)
            }
            let run = try Heapdump.run(["stack", "\(target.pid)"])
            run.expect(exit: 0)
            #expect(run.stdout.hasPrefix("main thread: idle in epoll_"), "\(run)")
        }
    }
}
