import Foundation
import Testing

/// The dump by a forked copy: what the process notices of it, and what comes of a copy that fails.
struct ForkTests {
    @Test(arguments: Node.supported)
    func theProcessAnswersMeanwhile(node: Node) throws {
        try Target.with("big-heap-server.js", node, arguments: [MidDump.largeHeap]) { target in
            try TemporaryDirectory.with { directory in
                try MidDump.with(.fork, ["--json"], of: target, in: directory) { heapdump in
                    var requests = 0
                    // Between an answer and the end of the copy there may be little time, but not for each of them.
                    while heapdump.poll() == nil {
                        requests += 1
                        try target.expectToServe(requests: requests)
                    }
                    let run = try heapdump.finish()
                    run.expect(exit: 0)
                    #expect(requests > 10)
                    let report = try run.json()
                    let pause = try #require(report["pause_milliseconds"] as? Double)
                    let times = try #require(report["milliseconds"] as? [String: Double])
                    // A part of what the process itself would have needed.
                    #expect(pause > 0 && pause < (times["building"] ?? 0), "\(report)")
                    #expect(report["fork_peak_bytes"] as? Int ?? 0 > 50 << 20)
                    try target.expectBackToNormal(requests: requests + 1)
                }
            }
        }
    }

    /// One dump after another leaves what the first has left: no descriptor, no thread, no child.
    @Test(arguments: Node.supported)
    func leavesNothingInTheProcess(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                var seen: [[String]] = []
                for number in 1...3 {
                    try Heapdump.run(["\(target.pid)", "-m", "fork"], in: directory).expect(exit: 0)
                    #expect(target.inspectors.isEmpty && target.copies.isEmpty, "after dump \(number)")
                    // The agent's thread ends a moment after it has told so.
                    var now: [String] = []
                    try eventually("process \(target.pid) is as before: \(now), \(seen)", within: .seconds(30)) {
                        now = try descriptors(of: target.pid) + ["\(threads(of: target.pid)) threads"]
                        return seen.isEmpty || now == seen.last
                    }
                    seen.append(now)
                }
            }
            try target.expectBackToNormal()
            // Of the files through which the agent came nothing is left either.
            let maps = try String(contentsOfFile: "/proc/\(target.pid)/maps", encoding: .utf8)
            let agents = Set(
                maps.split(separator: "\n").filter { $0.contains("snapshot-agent-") }.map { $0.suffix(80) })
            #expect(agents.allSatisfy { $0.hasSuffix("(deleted)") }, "\(agents)")
        }
    }

    /// A handler for SIGCHLD, and whoever waits for any child at all, is left alone at a calm moment.
    @Test(arguments: Node.supported)
    func theProcessGetsNoSignalOfTheCopysEnd(node: Node) throws {
        let prelude = "process.on('SIGCHLD', () => console.error('SIGCHLD'));"
        try Target.withPrelude(prelude, node) { target in
            let run = try Heapdump.run(["\(target.pid)", "-m", "fork", "-v"])
            run.expect(exit: 0)
            try target.expectBackToNormal()
            // Under load there may be no calm moment; then libc has to fork, and its children send the signal.
            if !run.stderr.contains("never rests") { #expect(!target.child.stderr.text.contains("SIGCHLD")) }
        }
    }

    /// A crash may be the moment's fault.
    @Test(arguments: Node.one)
    func triesAnotherCopyWhereOneCrashes(node: Node) throws {
        let program = "big-heap-server.js"
        try Target.with(program, node, arguments: [MidDump.heap]) { target in
            let records = try #require(target.facts["records"] as? Int)
            try TemporaryDirectory.with { directory in
                try MidDump.with(.fork, ["--json"], of: target, in: directory) { heapdump in
                    try crashCopyInMidWrite(of: target, heapdump)
                    let run = try heapdump.finish()
                    run.expect(exit: 0)
                    run.expect(saying: "crashed (SIGSEGV)", "trying again")
                    let report = try run.json()
                    #expect(report["forks"] as? Int == 2)
                    #expect(report["method"] as? String == "fork")
                    let snapshot = try SnapshotText(try #require(report["file"] as? String))
                    #expect(report["bytes"] as? Int == snapshot.bytes)
                    #expect(try snapshot.ids(ofClass: "Record").count == records)
                }
                #expect(directory.contents.count == 1)
                try target.expectBackToNormal()
            }
        }
    }

    /// Before the first byte there is nothing to be taken back.
    @Test(arguments: Node.one)
    func triesAgainOnStandardOutputThatHasGotNothing(node: Node) throws {
        try Target.with("big-heap-server.js", node, arguments: [MidDump.heap]) { target in
            try TemporaryDirectory.with { directory in
                let run = try MidDump.with(.fork, ["-o", "-"], of: target, in: directory) { heapdump in
                    kill(try target.awaitCopy(), SIGSEGV)
                    return try heapdump.finish()
                }
                #expect(run.ending == .exited(0), "\(run.stderr)")
                run.expect(saying: "crashed (SIGSEGV)", "trying again")
                #expect(try SnapshotText(run.output).nodeCount > 1000)
                try target.expectBackToNormal()
            }
        }
    }

    /// What a reader has got cannot be taken back: it is told that it is not whole.
    @Test(arguments: Node.one)
    func doesNotBeginAnewOnStandardOutput(node: Node) throws {
        try Target.with("big-heap-server.js", node, arguments: [MidDump.heap]) { target in
            let pipe = try Pipe()
            var command = Heapdump.command(["\(target.pid)", "-o", "-"], in: "/")
            command.standardOutput = pipe.writer
            try command.withChild { heapdump in
                #expect(try pipe.readSome().starts(with: Data("{\"snapshot\"".utf8)))
                kill(try target.awaitCopy(), SIGSEGV)
                let run = try heapdump.finish()
                run.expect(exit: 65)
                run.expect(saying: "crashed (SIGSEGV)", "cannot be taken back")
            }
            try target.expectBackToNormal()
        }
    }

    /// As the kernel does where memory is short. Another way would need as much.
    @Test(arguments: Node.one)
    func triesNothingElseWhereACopyIsKilled(node: Node) throws {
        try Target.with("big-heap-server.js", node, arguments: [MidDump.heap]) { target in
            try TemporaryDirectory.with { directory in
                let command = Heapdump.command(["\(target.pid)", "-v"], in: directory.path)
                try command.withChild { heapdump in
                    try eventually("it is forked: \(heapdump.stderr.text)") {
                        heapdump.stderr.text.contains("forked as process")
                    }
                    kill(try target.awaitCopy(), SIGKILL)
                    let run = try heapdump.finish()
                    run.expect(exit: 71)
                    run.expect(saying: "killed (SIGKILL)", "lack of memory", "the process itself goes on")
                    #expect(!run.stderr.contains("trying"), "\(run)")
                    #expect(run.stdout.isEmpty)
                }
                #expect(directory.contents.isEmpty)
                try target.expectBackToNormal()
            }
        }
    }

    /// Node without add-ons takes no agent; with the option hidden by a title, that is found out in the process.
    @Test(arguments: Node.supported, [false, true])
    func goesOnWithTheInspectorWhereNoAgentCanBeLoaded(node: Node, isHidden: Bool) throws {
        let options = ["--inspect-port=0", "--no-addons"] + (isHidden ? ["--title=app"] : [])
        try Target.with("idle-server.js", node, options: options) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--no-ptrace", "--json"], in: directory)
                run.expect(exit: 0)
                let report = try run.json()
                #expect(report["method"] as? String == "inspector")
                let failed = try #require(report["failed_methods"] as? [[String: String]])
                #expect(failed.map { $0["method"] } == (isHidden ? ["fork"] : []))
                if isHidden { run.expect(saying: "the agent cannot be loaded", "trying the next method: inspector") }
                #expect(directory.contents.count == 1)
                let refused = try Heapdump.run(["\(target.pid)", "-m", "fork", "--json"], in: directory)
                refused.expect(exit: 69)
                try refused.expect(code: isHidden ? "agent-refused" : "addons-forbidden")
                #expect(directory.contents.count == 1)
            }
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }

    /// Where the permission model lets the inspector in, an add-on needs a permission of its own: the plan knows.
    @Test(arguments: [Node.v25, .v26], ["--permission", "--permission-audit"])
    func saysWhichPermissionAForkTakes(node: Node, model: String) throws {
        if node == .v25, model == "--permission-audit" { return }
        let options = ["--inspect-port=0", model, "--allow-inspector", "--allow-fs-read=/", "--allow-net"]
        try Target.with("idle-server.js", node, options: options) { target in
            try TemporaryDirectory.with { directory in
                let plan = try Heapdump.run(["\(target.pid)", "--dry-run", "--json"], in: directory).json()
                let refused = try #require(
                    (plan["refused"] as? [[String: Any]])?.first { $0["method"] as? String == "fork" })
                let reason = try #require(refused["reason"] as? String)
                #expect(
                    reason.contains("(\(model)) keeps the process from loading the agent; start it with --allow-addons")
                )
                let run = try Heapdump.run(["\(target.pid)", "--no-ptrace", "--json"], in: directory)
                run.expect(exit: 0)
                let report = try run.json()
                #expect(report["method"] as? String == "inspector")
                #expect((report["failed_methods"] as? [Any])?.isEmpty == true, "it was not tried: \(report)")
            }
            try target.awaitBackToNormal()
        }
        try Target.with("idle-server.js", node, options: options + ["--allow-addons"]) { target in
            try TemporaryDirectory.with { directory in
                try Heapdump.run(["\(target.pid)", "-m", "fork"], in: directory).expect(exit: 0)
            }
            try target.expectBackToNormal()
        }
    }

    @Test(arguments: Node.supported)
    func readsNoAddonsInNodeOptions(node: Node) throws {
        try Target.with("idle-server.js", node, environment: ["NODE_OPTIONS": "--no-addons"]) { target in
            try target.expectRefusal(["-m", "fork"], saying: "--no-addons")
        }
    }

    /// Ends the copy as a crash does, when heapdump has got a part of its snapshot.
    private func crashCopyInMidWrite(of target: Target, _ heapdump: Child) throws {
        let copy = try target.awaitCopy()
        try eventually("the copy writes: \(heapdump.stderr.text)") {
            if let ending = heapdump.poll() { throw Failure("\(ending): \(heapdump.stderr.text)") }
            return try heapdump.bytesWritten() > 1 << 20
        }
        kill(copy, SIGSEGV)
    }

    /// Kinds of all descriptors that a process has open; inodes of anonymous ones are of no interest.
    private func descriptors(of pid: pid_t) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").compactMap { number in
            let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\(number)")
            return link.map { String($0.prefix { $0 != "[" }) }
        }.sorted()
    }

    private func threads(of pid: pid_t) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task").count
    }
}
