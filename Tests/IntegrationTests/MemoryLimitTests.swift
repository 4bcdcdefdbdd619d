import Foundation
import Testing

/// Processes whose control group has little memory left: dumped without harm, or refused with the figures, and never killed.
struct MemoryLimitTests {
    private static let megabyte = 1 << 20

    /// Runs `body` with a process in a memory control group that leaves so many MiB.
    private func withTightTarget(
        _ node: Node, running program: String = "big-heap-server.js", heap: Int = 60, leaving megabytes: Int,
        user: Command.User = .same, _ body: (Target, LimitedGroup, _ limit: Int) throws -> Void
    ) throws {
        try LimitedGroup.with { group in
            let launcher = group.launcher + user.launcher
            try Target.with(program, node, arguments: ["\(heap)"], launcher: launcher) { target in
                let limit = try group.leaveMemory(megabytes * Self.megabyte)
                try body(target, group, limit)
                #expect(target.child.poll() == nil, "\(target.child.stderr.text)")
            }
        }
    }

    /// The copy is charged to a group of heapdump's.
    @Test(arguments: Node.supported)
    func dumpsAProcessNearItsLimit(node: Node) throws {
        try withTightTarget(node, leaving: 40) { target, group, limit in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--json"], in: directory)
                run.expect(exit: 0)
                #expect(group.dumpGroups(of: run.pid).isEmpty)
                let report = try run.json()
                #expect(report["method"] as? String == "fork")
                let memory = try #require(report["memory"] as? [String: Any])
                #expect(memory["own_control_group"] as? Bool == true)
                #expect(memory["fits"] as? Bool == true)
                // Far more than the process's group would have had.
                #expect(memory["own_control_group_peak_bytes"] as? Int ?? 0 > 100 * Self.megabyte, "\(report)")
                #expect(directory.contents.count == 1)
            }
            #expect(group.usage <= limit)
            try target.expectBackToNormal()
        }
    }

    /// Whatever else comes into the group of heapdump's is limited there, and ends with it.
    @Test(arguments: Node.supported)
    func nothingStaysInTheCopysGroup(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let library = directory("escapes.so")
            try CCompiler.makeLibrary(library, of: "\(Package.targets)/escapes-from-copy.c")
            try LimitedGroup.with { group in
                let environment = ["LD_PRELOAD": library]
                try Target.with("idle-server.js", node, environment: environment, launcher: group.launcher) { target in
                    try group.limitMemory(to: 300 << 20)
                    let run = try Heapdump.run(["\(target.pid)", "-m", "fork"], in: directory)
                    // Where the kernel does not count processes, both share the memory, and the copy may be the one that goes.
                    #expect([.exited(0), .exited(71)].contains(run.ending), "\(run)")
                    // That of the other version's ends a moment later.
                    try eventually("no process of the copy's is left") { try Self.processes(named: "escapee").isEmpty }
                    #expect(group.dumpGroups(of: run.pid).isEmpty)
                    try target.expectBackToNormal()
                }
            }
        }
    }

    private static func processes(named name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { pid in
            (try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)) == name + "\n"
        }
    }

    /// The copy of another user's process stays where that user's limits are, unless an option says otherwise.
    @Test(arguments: Node.supported)
    func aCopyOfAnotherUserStaysInItsGroup(node: Node) throws {
        try Requirement.isReadableByAll(try node.path())
        try withTightTarget(node, leaving: 40, user: .nobody) { target, group, _ in
            try TemporaryDirectory.with { directory in
                let refused = try Heapdump.run(["\(target.pid)", "-m", "fork"], in: directory)
                refused.expect(exit: 72)
                refused.expect(saying: "too little", "--dump-memory-max SIZE")
                let asked = try Heapdump.run(
                    ["\(target.pid)", "-m", "fork", "--dump-memory-max", "2G", "--json"], in: directory)
                asked.expect(exit: 0)
                let memory = try #require(try asked.json()["memory"] as? [String: Any])
                #expect(memory["own_control_group"] as? Bool == true)
                #expect(group.dumpGroups(of: asked.pid).isEmpty)
            }
            try target.expectBackToNormal()
        }
    }

    /// A copy cannot be kept out of the process's group.
    @Test(arguments: Node.supported)
    func refusesWithTheFiguresWhereTheCopyHasNoGroup(node: Node) throws {
        try Requirement.isReadableByAll(try node.path())
        try Requirement.isReadableByAll(Heapdump.binary)
        try withTightTarget(node, leaving: 40, user: .nobody) { target, group, limit in
            try TemporaryDirectory.with { directory in
                chmod(directory.path, 0o777)
                let run = try Heapdump.run(["\(target.pid)"], in: directory, user: .nobody)
                run.expect(exit: 72)
                run.expect(
                    saying: "control group \(group.directory) allows \(text(limit))", "too little", "sudo heapdump",
                    "--force-memory")
                #expect(directory.contents.isEmpty)
            }
            // V8 was asked for the heap's size.
            try target.expectBackToNormal()
        }
    }

    /// With less than any dump takes the process is not even asked.
    @Test(arguments: [Command.User.same, .nobody])
    func leavesAProcessAloneThatHasNothingLeft(user: Command.User) throws {
        let node = Node.v24
        try Requirement.isReadableByAll(try node.path())
        try withTightTarget(node, leaving: 6, user: user) { target, _, limit in
            try TemporaryDirectory.with { directory in
                chmod(directory.path, 0o777)
                for arguments in [["\(target.pid)"], ["\(target.pid)", "-m", "inspector"]] {
                    let run = try Heapdump.run(arguments, in: directory, user: user)
                    run.expect(exit: 72)
                    run.expect(saying: text(limit), "too little")
                }
                #expect(directory.contents.isEmpty)
            }
            try target.expectUntouched()
        }
    }

    /// V8 would take it in the process itself, which cannot be ended when it takes too much.
    @Test(arguments: Node.supported)
    func refusesASnapshotInTheProcessItself(node: Node) throws {
        try withTightTarget(node, leaving: 100) { target, _, _ in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-m", "inspector"], in: directory)
                run.expect(exit: 72)
                run.expect(saying: "V8 in the process itself", "--method fork")
                #expect(directory.contents.isEmpty)
            }
            try target.expectBackToNormal()
        }
    }

    /// A heap that is much smaller than the process: only V8 knows.
    @Test(arguments: Node.supported)
    func asksV8WhereTheProcessIsMoreThanItsHeap(node: Node) throws {
        try Requirement.isReadableByAll(try node.path())
        try LimitedGroup.with { group in
            let launcher = group.launcher + Command.User.nobody.launcher
            try Target.with("heap-of-one-kind.js", node, arguments: ["buffers", "150"], launcher: launcher) { target in
                // Far too little if all of it were heap.
                try group.leaveMemory(300 * Self.megabyte)
                try TemporaryDirectory.with { directory in
                    chmod(directory.path, 0o777)
                    let run = try Heapdump.run(["\(target.pid)", "--json"], in: directory, user: .nobody)
                    run.expect(exit: 0)
                    let memory = try #require(try run.json()["memory"] as? [String: Any])
                    #expect(memory["own_control_group"] as? Bool == false)
                    #expect((1 << 20..<40 << 20).contains(memory["heap_bytes"] as? Int ?? 0), "\(memory)")
                }
                #expect(group.kills == 0)
                try target.expectBackToNormal()
            }
        }
    }

    /// Who forces it gets a copy that is ended before the kernel has to choose.
    @Test(arguments: Node.supported)
    func endsACopyBeforeTheGroupIsFull(node: Node) throws {
        try Requirement.isReadableByAll(try node.path())
        try withTightTarget(node, leaving: 80, user: .nobody) { target, group, _ in
            try TemporaryDirectory.with { directory in
                chmod(directory.path, 0o777)
                let run = try Heapdump.run(
                    ["\(target.pid)", "--force-memory", "-m", "fork"], in: directory, user: .nobody)
                run.expect(exit: 71)
                run.expect(
                    saying: "its forked copy was ended, since control group \(group.directory) had only", "goes on")
                #expect(directory.contents.isEmpty)
            }
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }

    /// It copies every page that it changes, and those copies are charged to its own group.
    @Test(arguments: Node.supported(from: .v20), [12, 20, 40])
    func aProcessThatRewritesItsHeapSurvives(node: Node, megabytes: Int) throws {
        try withTightTarget(node, running: "rewrites-its-heap.js", leaving: megabytes) { target, group, _ in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)"], in: directory)
                // Dumped, ended in time, or refused: whatever its pages allow.
                switch run.ending {
                case .exited(0): #expect(directory.contents.count == 1)
                // On a busy machine the kernel may come first; it chooses the copy too.
                case .exited(71):
                    #expect(
                        run.stderr.contains("its forked copy was ended") || run.stderr.contains("was killed (SIGKILL)"),
                        "\(run)")
                case .exited(72): run.expect(saying: "pages that it changes")
                default: Issue.record("\(run)")
                }
                #expect(group.dumpGroups(of: run.pid).isEmpty)
            }
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }

    @Test(arguments: Node.supported)
    func keepsTheCopyWithinItsOwnLimit(node: Node) throws {
        try LimitedGroup.with { group in
            try Target.with("big-heap-server.js", node, arguments: ["60"], launcher: group.launcher) { target in
                try TemporaryDirectory.with { directory in
                    let arguments = ["\(target.pid)", "--dump-memory-max", "100M"]
                    let refused = try Heapdump.run(arguments, in: directory)
                    refused.expect(exit: 72)
                    refused.expect(saying: "--dump-memory-max allows 100.0 MB")
                    // V8 was asked how large its heap is.
                    try target.expectBackToNormal()
                    let forced = try Heapdump.run(arguments + ["--force-memory"], in: directory)
                    forced.expect(exit: 71)
                    forced.expect(saying: "needed more than --dump-memory-max allows, 100.0 MB")
                    #expect(group.dumpGroups(of: forced.pid).isEmpty)
                    #expect(directory.contents.isEmpty)
                    let wide = try Heapdump.run(["\(target.pid)", "--dump-memory-max", "4G"], in: directory)
                    wide.expect(exit: 0)
                    #expect(group.dumpGroups(of: wide.pid).isEmpty)
                }
                #expect(group.kills == 0)
                try target.awaitBackToNormal()
                try target.expectToServe(requests: 2)
            }
        }
    }

    /// A heapdump that is killed cannot remove its group: the next one does.
    @Test func theNextHeapdumpRemovesWhatAKilledOneLeft() throws {
        try withTightTarget(.v24, leaving: 60) { target, group, _ in
            try TemporaryDirectory.with { directory in
                let killed = try Heapdump.command(["\(target.pid)"], in: directory.path).withChild { heapdump in
                    _ = try target.awaitCopy()
                    try eventually("a control group of \(heapdump.pid)") { !group.dumpGroups(of: heapdump.pid).isEmpty }
                    kill(heapdump.pid, SIGKILL)
                    try eventually("the end of heapdump") { heapdump.poll() != nil }
                    return heapdump.pid
                }
                try target.awaitBackToNormal()
                try Heapdump.run(["\(target.pid)"], in: directory).expect(exit: 0)
                #expect(group.dumpGroups(of: killed).isEmpty)
                #expect(directory.contents.count == 1)
            }
            try target.expectBackToNormal()
        }
    }

    @Test func saysBeforehandWhetherThereIsEnough() throws {
        try withTightTarget(.v22, leaving: 40) { target, group, limit in
            let root = try Heapdump.run(["\(target.pid)", "--dry-run"])
            root.expect(exit: 0)
            #expect(root.stdout.contains("in a control group of heapdump's own"), "\(root)")
            #expect(try Listing()[target.pid]?["memory"] as? String == "enough")
            try group.leaveMemory(6 * Self.megabyte)
            let tight = try Heapdump.run(["\(target.pid)", "--dry-run"])
            tight.expect(exit: 72)
            tight.expect(saying: group.directory, "too little")
            let listed = try #require(try Listing()[target.pid])
            #expect(listed["memory"] as? String == "too-little")
            #expect((listed["memory_shortage"] as? String)?.contains(group.directory) == true)
            #expect(listed["method"] as? String == "none")
            try group.limitMemory(to: limit)
            try target.expectUntouched()
        }
    }

    @Test(arguments: Node.supported)
    func forksNothingWhereNoProcessMayBeAdded(node: Node) throws {
        try LimitedGroup.with("pids") { group in
            try Target.with("idle-server.js", node, launcher: group.launcher) { target in
                try group.limitTasks(to: group.tasks + 3)
                try TemporaryDirectory.with { directory in
                    let fork = try Heapdump.run(["\(target.pid)", "-m", "fork"], in: directory)
                    fork.expect(exit: 69)
                    fork.expect(saying: "\(group.directory)/pids.max allows", "takes up to 7 more")
                    try target.expectUntouched()
                    // ptrace adds no thread to the process.
                    let traced = try Heapdump.run(["\(target.pid)", "--json"], in: directory)
                    traced.expect(exit: 0)
                    #expect(try traced.json()["method"] as? String == "ptrace")
                    let run = try Heapdump.run(["\(target.pid)", "--no-ptrace", "--json"], in: directory)
                    run.expect(exit: 0)
                    #expect(try run.json()["method"] as? String == "inspector")
                }
                try target.expectBackToNormal(requests: 2)
            }
        }
    }

    /// As heapdump writes it.
    private func text(_ bytes: Int) -> String {
        let tenths = Int((Double(bytes) / 1e5).rounded())
        return "\(tenths / 10).\(tenths % 10) MB"
    }

    /// As memory.oom.group: the end of one is the end of all; or, in the first version, who needs memory stands still for ever.
    @Test(arguments: Node.supported, [Command.User.same, .nobody])
    func aGroupThatWouldEndAsAWholeIsDumpedOrLeftAlone(node: Node, user: Command.User) throws {
        try Requirement.isReadableByAll(try node.path())
        try withTightTarget(node, leaving: 40, user: user) { target, group, _ in
            try group.endAsAWhole()
            try TemporaryDirectory.with { directory in
                chmod(directory.path, 0o777)
                let run = try Heapdump.run(["\(target.pid)"], in: directory, user: user)
                run.expect(exit: user == .same ? 0 : 72)
                #expect(directory.contents.count == (user == .same ? 1 : 0))
            }
            #expect(group.kills == 0)
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }

    /// The kernel says that little is left; no control group limits anything.
    @Test(arguments: Node.supported)
    func looksAtTheMachinesMemory(node: Node) throws {
        try Requirement.root()
        try Target.with("big-heap-server.js", node, arguments: [MidDump.heap]) { target in
            try TemporaryDirectory.with { directory in
                let meminfo = try Command(["cat", "/proc/meminfo"]).run().stdout
                let tight = meminfo.replacing(#/MemAvailable: +\d+/#, with: "MemAvailable:   32768")
                    .replacing(#/SwapFree: +\d+/#, with: "SwapFree:       0")
                try Data(tight.utf8).write(to: URL(fileURLWithPath: directory("meminfo")))
                let script = "mount --bind '\(directory("meminfo"))' /proc/meminfo && exec \"$@\""
                let launcher = ["unshare", "--mount", "sh", "-c", script, "sh", Heapdump.binary, "\(target.pid)"]
                let refused = try Command(launcher, in: directory.path).run()
                refused.expect(exit: 72)
                refused.expect(saying: "the machine's MemAvailable counts", "leaves 33.6 MB", "--force-memory")
                let forced = try Command(launcher + ["--force-memory", "-m", "fork"], in: directory.path).run()
                forced.expect(exit: 71)
                forced.expect(saying: "its forked copy was ended, since the machine had only 33.6 MB left")
                #expect(directory.contents == ["meminfo"])
            }
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }
}
