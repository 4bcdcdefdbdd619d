import Foundation
import Testing

struct ListTests {
    @Test(arguments: Node.each)
    func tellsWhatIsKnownOfAProcess(node: Node) throws {
        let version = try Command([node.path(), "--version"]).run().stdout.trimmingCharacters(in: .newlines)
        try Target.with("idle-server.js", node, arguments: ["a b"]) { target in
            let process = try #require(try Listing()[target.pid])
            #expect(process["node_version"] as? String == version)
            #expect(process["user"] as? String == NSUserName())
            #expect(process["uid"] as? Int == Int(geteuid()))
            #expect(process["executable"] as? String == realPath(try node.path()))
            #expect(process["executable_deleted"] as? Bool == false)
            #expect(process["script"] as? String == "\(Package.targets)/idle-server.js")
            #expect(process["command"] as? [String] == target.child.command.arguments)
            #expect(process["method"] as? String == "fork")
            // Of its main thread; the first of these is Node 26's.
            let expected = node.rawValue > 24 ? "node-MainThread" : node == .v24 ? "MainThread" : "node"
            #expect(process["name"] as? String == expected)
            #expect(process["title"] == nil)
            #expect(process["container"] == nil)
            #expect(process["threads"] == nil)
            #expect((process["rss_bytes"] as? Int ?? 0) > 10 << 20)
            let uptime = try #require(process["uptime_seconds"] as? Double)
            #expect(uptime > 0 && uptime < 600)

            let run = try Heapdump.run(["list"])
            run.expect(exit: 0)
            let header = try #require(run.stdout.split(separator: "\n").first)
            #expect(
                header.split(separator: " ") == [
                    "PID", "USER", "NODE", "RSS", "UPTIME", "CONTAINER", "METHOD", "MEMORY", "COMMAND",
                ])
            let row = try #require(run.row(of: target.pid))
            #expect(row.hasSuffix("\(try node.path()) --inspect-port=0 \(Package.targets)/idle-server.js 'a b'"))
            #expect(row.split(separator: " ")[2] == version)
            try target.expectUntouched()
        }
    }

    enum Disguise: String, CaseIterable {
        case nodejs
        case renamed
        case deleted
        case link
    }

    @Test(arguments: Node.supported, Disguise.allCases)
    func knowsNodeUnderOtherNames(node: Node, disguise: Disguise) throws {
        try TemporaryDirectory.with { directory in
            let program = directory(disguise == .renamed ? "some program" : "nodejs")
            let files = FileManager.default
            if disguise == .link {
                try files.createSymbolicLink(atPath: program, withDestinationPath: try node.path())
            } else {
                // By another process: a descriptor of ours that a test beside this one passes on to its child would keep
                // the copy from being run.
                let copy = try Command(["cp", node.path(), program]).run()
                try #require(copy.ending == .exited(0), "\(copy)")
            }
            let name = uniqueName(".js")
            try Target.withScript(name, in: directory, node, program: program) { target in
                if disguise == .deleted { try files.removeItem(atPath: program) }
                let process = try #require(try Listing()[target.pid])
                #expect((process["node_version"] as? String)?.hasPrefix("v\(node.rawValue).") == true)
                #expect(process["executable"] as? String == (disguise == .link ? realPath(try node.path()) : program))
                #expect(process["executable_deleted"] as? Bool == (disguise == .deleted))
                let run = try Heapdump.run(["-n", name, "-o", "a.heapsnapshot"], in: directory)
                run.expect(exit: 0)
                try target.expectBackToNormal()
            }
        }
    }

    @Test(arguments: [
        (["--inspect-port=0"], "fork"), (["--inspect=0", "--disable-sigusr1"], "fork"),
        (["--inspect-port=0", "--no-addons"], "ptrace"),
        (["--disable-sigusr1", "--heapsnapshot-signal=SIGUSR2"], "ptrace"),
    ])
    func foretellsTheMethod(options: [String], method: String) throws {
        try Target.with("idle-server.js", .v24, options: options) { target in
            let process = try #require(try Listing()[target.pid])
            #expect(process["method"] as? String == method)
            let row = try #require(try Heapdump.run(["list"]).row(of: target.pid))
            #expect(row.split(separator: " ")[6] == method)
        }
    }

    /// As Debian builds it: a small program, and all of Node in a library. Debian's own is on few machines, so that a
    /// stand-in has to do: it exports what Node is known by and holds the version where Node has it. It is no Node.
    @Test func knowsNodeInALibrary() throws {
        try TemporaryDirectory.with { directory in
            try StandInLibnode.build(in: directory)
            try Command([directory("stand-in")], in: directory.path).withChild { child in
                try eventually("the stand-in runs: \(child.stderr.text)") { child.stdout.text == "ready\n" }
                let process = try #require(try Listing()[child.pid])
                #expect(process["node_version"] as? String == "v18.19.1")
                #expect(process["executable"] as? String == directory("stand-in"))
                // It has no handler, and would die of the signal.
                #expect(process["method"] as? String == "ptrace")
                #expect(child.poll() == nil)
            }
        }
    }

    @Test(arguments: Node.supported)
    func showsAHostileTitleAsText(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let name = uniqueName()
            let prelude = "process.title = '\(name) \\x1b]0;owned\\x07\\x1b[2J\\u009b31m'"
            try Target.withScript("a.js", in: directory, node, prelude: prelude) { target in
                let process = try #require(try Listing(["--threads"])[target.pid])
                let title = "\(name) \u{1B}]0;owned\u{7}\u{1B}[2J\u{9B}31m"
                #expect(process["title"] as? String == title)
                #expect(process["command"] as? [String] == [title])
                #expect(process["script"] == nil)
                for arguments in [["list", "--threads"], ["list", "--json", "--threads"]] {
                    let run = try Heapdump.run(arguments)
                    run.expect(exit: 0)
                    let controls = run.stdout.unicodeScalars.filter {
                        $0 != "\n" && $0.properties.generalCategory == .control
                    }
                    #expect(controls.isEmpty, "\(run)")
                    #expect(run.stdout.contains(name))
                }
                let terminal = try Terminal()
                var command = Heapdump.command(["list"], in: "/tmp")
                command.standardOutput = terminal.descriptor
                #expect(try terminal.run(command).ending == .exited(0))
                #expect(!terminal.text.contains("\u{1B}") && !terminal.text.contains("\u{9B}"))
            }
        }
    }

    /// Any process may call itself as the copies of heapdump's are called.
    @Test(arguments: Node.supported)
    func aNameHidesNothing(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let prelude = "process.title = 'heapdump-fork'"
            try Target.withScript("server.js", in: directory, node, prelude: prelude) { target in
                #expect(try Listing()[target.pid]?["node_version"] != nil)
                let run = try Heapdump.run(["\(target.pid)", "-m", "fork"], in: directory)
                run.expect(exit: 0)
                try target.expectToServe()
            }
        }
    }

    @Test func showsNoCopies() throws {
        try Target.with("big-heap-server.js", .v26) { target in
            try TemporaryDirectory.with { directory in
                try Heapdump.command(["\(target.pid)", "-m", "fork"], in: directory.path).withChild { heapdump in
                    let copy = try target.awaitCopy()
                    kill(copy, SIGSTOP)
                    let listing = try Listing()
                    #expect(target.copies.contains(copy), "\(heapdump.stderr.text)")
                    #expect(listing[copy] == nil)
                    #expect(listing[target.pid] != nil)
                    kill(copy, SIGCONT)
                    _ = try heapdump.finish()
                }
            }
        }
    }

    @Test(arguments: Node.each)
    func showsThreads(node: Node) throws {
        let name = "worker \u{1B}[31m"
        try Target.with("named-worker.js", node, arguments: [name]) { target in
            let process = try #require(try Listing(["--threads"])[target.pid])
            let threads = try #require(process["threads"] as? [[String: Any]])
            #expect(threads.first?["tid"] as? Int == Int(target.pid))
            #expect(threads.count > 4)
            for thread in threads {
                #expect(thread["name"] is String)
                #expect(["R", "S", "D", "T"].contains(thread["state"] as? String))
                #expect((thread["cpu_seconds"] as? Double).map { $0 >= 0 } == true)
            }
            #expect((threads.first?["cpu_seconds"] as? Double ?? 0) > 0)
            let run = try Heapdump.run(["list", "--threads"])
            run.expect(exit: 0)
            let row = try #require(run.row(of: target.pid))
            let below = run.stdout.components(separatedBy: row + "\n").last ?? ""
            #expect(below.split(separator: "\n").first?.split(separator: " ") == ["TID", "STATE", "CPU", "THREAD"])
            for thread in threads { #expect(run.stdout.contains(" \(thread["tid"] as? Int ?? 0) ")) }
            if node.rawValue >= 24 {
                #expect(threads.contains { $0["name"] as? String == name })
                #expect(below.contains("s worker \\x1B[31m"))
            }
        }
    }

    /// A container as Docker makes it is more, but this is what makes one.
    @Test(arguments: Node.supported, Way.allCases)
    func tellsAPidNamespace(node: Node, way: Way) throws {
        try Requirement.root()
        let name = uniqueName()
        let launcher = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
        try Target.with("idle-server.js", node, arguments: [name], launcher: launcher) { launched in
            #expect(launched.facts["pid"] as? Int == 1)
            let listing = try Listing()
            let process = try #require(
                listing.processes.first { ($0["command"] as? [String])?.last == name })
            let pid = pid_t(try #require(process["pid"] as? Int))
            #expect(pid > 1)
            #expect((process["container"] as? [String: Any])?["kind"] as? String == "pid-ns")
            #expect(try Heapdump.run(["list"]).row(of: pid)?.contains(" pid-ns ") == true)
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["-n", name, "-o", "a.heapsnapshot"] + way.options, in: directory)
                run.expect(exit: 0)
                #expect(ForkedCopies.pids(of: pid).isEmpty)
                #expect(try SnapshotText(directory("a.heapsnapshot")).nodeCount > 1000)
            }
            try launched.expectToServe()
        }
    }

    @Test func tellsAContainerByItsControlGroup() throws {
        try Requirement.root()
        let id = String(repeating: "0123456789abcdef", count: 4)
        try ControlGroup.with(named: "docker-\(id).scope") { group in
            try Target.with("idle-server.js", .v22, launcher: group.launcher) { target in
                let container = try #require(try Listing()[target.pid]?["container"] as? [String: Any])
                #expect(container["kind"] as? String == "docker")
                #expect(container["id"] as? String == "0123456789ab")
                #expect(try Heapdump.run(["list"]).row(of: target.pid)?.contains(" docker:0123456789ab ") == true)
            }
        }
    }

    @Test(arguments: Node.supported)
    func showsWhatItMayNotLookInto(node: Node) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Heapdump.binary)
        let name = uniqueName()
        try Target.with("idle-server.js", node, arguments: [name]) { target in
            let listing = try Listing(user: .nobody)
            let process = try #require(listing[target.pid])
            #expect(process["user"] as? String == NSUserName())
            #expect((process["command"] as? [String])?.last == name)
            #expect((process["error"] as? String)?.contains("sudo") == true)
            #expect(process["node_version"] == nil)
            #expect(process["method"] == nil)
            let run = try Heapdump.command(["list"], in: "/tmp", user: .nobody).run()
            run.expect(exit: 0)
            run.expect(saying: "could not be looked at", "sudo")
            let row = try #require(run.row(of: target.pid))
            #expect(row.split(separator: " ")[2] == "?")
            try target.expectUntouched()
        }
    }

    @Test func saysThatThereIsNone() throws {
        try Requirement.root()
        for arguments in [["list"], ["list", "--json"], ["list", "--threads"]] {
            // In there is nothing but this heapdump.
            let row = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", Heapdump.binary] + arguments
            let run = try Command(row).run()
            run.expect(exit: 0)
            run.expect(saying: "no Node process")
            #expect(run.stdout.isEmpty, "\(run)")
        }
    }

    /// It has ended, though its parent has not asked how.
    @Test func leavesOutAZombie() throws {
        try Command([Node.v22.path(), "-e", "0"]).withChild { child in
            try eventually("it has ended") {
                try String(contentsOfFile: "/proc/\(child.pid)/stat", encoding: .utf8).contains(") Z ")
            }
            let listing = try Listing()
            #expect(listing[child.pid] == nil)
            #expect(!listing.run.stderr.contains("\(child.pid)"))
        }
    }

    @Test func cutsLinesToTheTerminal() throws {
        let long = String(repeating: "x", count: 300)
        try Target.with("idle-server.js", .v20, arguments: [long]) { target in
            let terminal = try Terminal()
            var command = Heapdump.command(["list", "--threads"], in: "/tmp")
            command.standardOutput = terminal.descriptor
            #expect(try terminal.run(command).ending == .exited(0))
            let lines = terminal.text.split(whereSeparator: \.isNewline)
            #expect(lines.count > 1)
            #expect(lines.allSatisfy { $0.count <= 80 })
            let row = try #require(lines.first { $0.split(separator: " ").first == "\(target.pid)" })
            #expect(row.contains(" node ") && row.hasSuffix("…"))
            #expect(try Heapdump.run(["list"]).row(of: target.pid)?.hasSuffix(long) == true)
        }
    }

    @Test func saysThatItCannotWrite() throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(full >= 0)
        defer { close(full) }
        try Target.with("idle-server.js", .v18) { _ in
            var command = Heapdump.command(["list"], in: "/tmp")
            command.standardOutput = full
            let run = try command.run()
            run.expect(exit: 73)
            run.expect(saying: "standard output")
        }
    }

    private func realPath(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }
}
