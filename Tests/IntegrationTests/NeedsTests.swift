import Foundation
import Testing

/// Processes that lack what opening an inspector takes: Node aborts then, so they are left alone, with the figures.
struct NeedsTests {
    private func prlimit(_ options: String..., pid: pid_t) throws {
        let run = try Command(["prlimit", "--pid", "\(pid)"] + options).run()
        run.expect(exit: 0)
    }

    /// Refused by each way, with the same status, and untouched.
    private func expectRefusal(
        _ target: Target, exit code: Int32, saying text: String, resource: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = Holdings(of: target.pid)
        for way in [["--no-ptrace"], ["-m", "fork"], ["-m", "inspector"]] {
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)"] + way, in: directory)
                run.expect(exit: code, sourceLocation: sourceLocation)
                run.expect(saying: text, sourceLocation: sourceLocation)
                #expect(directory.contents.isEmpty, sourceLocation: sourceLocation)
            }
        }
        let plan = try Heapdump.run(["\(target.pid)", "--no-ptrace", "--dry-run", "--json"]).json()
        let refused = try #require(plan["refused"] as? [[String: Any]])
        for method in ["fork", "inspector"] {
            let entry = try #require(refused.first { $0["method"] as? String == method })
            let needs = try #require(entry["needs"] as? [[String: Any]], sourceLocation: sourceLocation)
            let need = try #require(needs.first { $0["resource"] as? String == resource })
            #expect(need["fits"] as? Bool == false, sourceLocation: sourceLocation)
            #expect(try #require(need["needed"] as? Int) > #require(need["left"] as? Int))
        }
        let list = try Heapdump.run(["list", "--json"])
        let line = try #require(list.stdout.split(separator: "\n").first { $0.contains("\"pid\":\(target.pid),") })
        #expect(line.contains("\"resource\":\"\(resource)\""), "\(line)", sourceLocation: sourceLocation)
        #expect(Holdings(of: target.pid) == before, sourceLocation: sourceLocation)
        try target.expectUntouched(sourceLocation: sourceLocation)
    }

    @Test(arguments: Node.supported, [0, 3, 5, 8])
    func descriptors(node: Node, free: Int) throws {
        try Target.with(
            "keeps-descriptors-free.js", node, arguments: ["\(free)"], launcher: ["prlimit", "--nofile=64:64"]
        ) { target in
            try expectRefusal(target, exit: 69, saying: "file descriptors are free", resource: "descriptors")
        }
    }

    /// What it says to type next helps.
    @Test(arguments: Node.supported)
    func theRemedyHelps(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            let numbers = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(target.pid)/fd").compactMap {
                Int($0)
            }
            try prlimit("--nofile=\(try #require(numbers.max()) + 5):", pid: target.pid)
            let refused = try Heapdump.run(["\(target.pid)", "--no-ptrace"])
            refused.expect(exit: 69)
            let remedy = try #require(refused.stderr.firstMatch(of: /prlimit --nofile=\d+: --pid \d+/)).0
            try Command(remedy.split(separator: " ").map(String.init)).run().expect(exit: 0)
            try Heapdump.run(["\(target.pid)"]).expect(exit: 0)
            try target.expectBackToNormal()
        }
    }

    @Test(arguments: Node.supported)
    func threadsOfTheControlGroup(node: Node) throws {
        try LimitedGroup.with("pids") { group in
            try Target.with("idle-server.js", node, launcher: group.launcher) { target in
                try group.limitTasks(to: group.tasks)
                try expectRefusal(target, exit: 69, saying: "pids.max", resource: "tasks")
            }
        }
    }

    @Test(arguments: Node.supported)
    func threadsOfTheUser(node: Node) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(node.path())
        // A user of the test's own, so that nobody else's threads count.
        let user = 100_000 + Int(getpid()) % 50_000 + node.rawValue * 100_000
        let launcher = ["setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"]
        try Target.with("idle-server.js", node, launcher: launcher) { target in
            let threads = Holdings(of: target.pid).threads
            // As the user itself: to change another's takes a capability.
            try Command(launcher + ["prlimit", "--nproc=\(threads)", "--pid", "\(target.pid)"]).run().expect(exit: 0)
            try expectRefusal(target, exit: 69, saying: "RLIMIT_NPROC", resource: "tasks")
        }
    }

    @Test(arguments: Node.supported, [4, 9, 70, 200])
    func addressSpace(node: Node, megabytes: Int) throws {
        try Target.with("idle-server.js", node) { target in
            let status = try String(contentsOfFile: "/proc/\(target.pid)/status", encoding: .utf8)
            let size = try #require(status.firstMatch(of: /VmSize:\s+(\d+) kB/)).1
            let kilobytes = try #require(Int(size)) + megabytes << 10
            try prlimit("--as=\(kilobytes << 10)", pid: target.pid)
            try expectRefusal(target, exit: 72, saying: "RLIMIT_AS", resource: "address-space")
        }
    }

    /// Its program has ended; a signal would abort it now.
    @Test(arguments: Node.supported, [true, false])
    func aDebuggerThatIsWaitedFor(node: Node, hasPort: Bool) throws {
        let port = hasPort ? try Listener.freePort() : 0
        try Target.with("ends-with-its-input.js", node, options: ["--inspect=127.0.0.1:\(port)"]) { target in
            let address = try #require(target.child.stderr.text.firstMatch(of: /ws:\/\/\S+/)).0
            let client =
                "const client = new WebSocket('\(address)'); client.onopen = () => { "
                + "for (const method of ['Runtime.enable', 'Debugger.enable']) client.send(JSON.stringify({ id: 1, method })); "
                + "console.log('ready {}') }"
            try Target.with(Command([Node.v24.path(), "-e", client])) { _ in
                target.child.closeInput()
                try eventually("it waits: \(target.child.stderr.text)") {
                    target.child.stderr.text.contains("Waiting for the debugger to disconnect")
                }
                for way in Way.allCases {
                    let run = try Heapdump.run(["\(target.pid)"] + way.options)
                    run.expect(exit: 69)
                    run.expect(saying: "debugger to disconnect")
                }
                #expect(target.child.poll() == nil, "\(target.child.stderr.text)")
                #expect(Guardian.pids(watching: target.pid).isEmpty)
            }
            // Its client is gone, and so it ends as it would have.
            try eventually("its end") { target.child.poll() == .exited(0) }
        }
    }

    /// Nobody can see that beforehand: Node says why it opened none, and the guardian has nothing to wait for.
    @Test(arguments: Node.supported)
    func addressFamilies(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let launcher = directory("without-internet")
            try CCompiler.makeProgram(launcher, of: "without-internet.c")
            try Target.with("waits-quietly.js", node, launcher: [launcher]) { target in
                let before = Holdings(of: target.pid)
                let run = try Heapdump.run(["\(target.pid)", "--no-ptrace"])
                run.expect(exit: 69)
                run.expect(saying: "its standard error says: Starting inspector on")
                #expect(!run.stderr.contains("handles SIGUSR1"), "\(run)")
                #expect(target.child.poll() == nil)
                #expect(Guardian.pids(watching: target.pid).isEmpty)
                #expect(Holdings(of: target.pid) == before)
            }
        }
    }
}
