import Foundation
import Testing

/// `--name`: every test has a name of its own, and takes only what it started for the answer.
struct NameTests {
    @Test(arguments: Node.supported)
    func dumpsTheProcessThatMatches(node: Node) throws {
        let name = uniqueName()
        try Target.with("idle-server.js", node, arguments: ["--config", name]) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["-n", name, "-o", "a.heapsnapshot", "--json"], in: directory)
                run.expect(exit: 0)
                let facts = try #require(try run.json()["target"] as? [String: Any])
                #expect(facts["pid"] as? Int == Int(target.pid))
                #expect(try SnapshotText(directory("a.heapsnapshot")).nodeCount > 1000)
                try target.expectBackToNormal()
            }
        }
    }

    @Test(arguments: Node.supported)
    func findsATitle(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let title = uniqueName(" api")
            let prelude = "process.title = '\(title)'"
            try Target.withScript("server.js", in: directory, node, prelude: prelude) { target in
                let run = try Heapdump.run(["--name", title, "-o", "%p.heapsnapshot"], in: directory)
                run.expect(exit: 0)
                #expect(run.path == directory("\(target.pid).heapsnapshot"))
                try target.expectBackToNormal()
            }
        }
    }

    @Test(arguments: Node.supported)
    func prefersAWholeScriptName(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let name = uniqueName(".js")
            try Target.withScript(name, in: directory, node) { target in
                try Target.withScript("web-" + name, in: directory, node, arguments: [name]) { other in
                    for text in [name, directory(name)] {
                        let run = try Heapdump.run(["-n", text, "-o", "%p.heapsnapshot", "--overwrite"], in: directory)
                        run.expect(exit: 0)
                        #expect(run.path == directory("\(target.pid).heapsnapshot"))
                    }
                    try target.expectBackToNormal()
                    try other.expectUntouched()
                }
            }
        }
    }

    @Test(arguments: Node.supported)
    func listsTheCandidates(node: Node) throws {
        let name = uniqueName()
        try Target.with("idle-server.js", node, arguments: [name, "one"]) { one in
            try Target.with("idle-server.js", node, arguments: [name, "two"]) { two in
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["-n", name], in: directory)
                    run.expect(exit: 78)
                    run.expect(saying: "2 Node processes match", "pid", "\(name) one", "\(name) two", NSUserName())
                    run.expect(saying: "\(one.pid)  ", "\(two.pid)  ")
                    #expect(run.stdout.isEmpty)
                    #expect(directory.contents.isEmpty)
                    try one.expectUntouched()
                    try two.expectUntouched()
                }
            }
        }
    }

    /// A process that calls itself what it likes writes nothing but text on the terminal of who looks for it.
    @Test(arguments: Node.supported)
    func showsAHostileTitleAsText(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let name = uniqueName()
            let prelude = "process.title = '\(name) \\x1b]0;owned\\x07\\x1b[2J\\u009b31m'"
            try Target.withScript("one.js", in: directory, node, prelude: prelude) { one in
                try Target.withScript("two.js", in: directory, node, prelude: prelude) { two in
                    let run = try Heapdump.run(["-n", name], in: directory)
                    run.expect(exit: 78)
                    run.expect(saying: "\\x1B]0;owned\\x07")
                    #expect(
                        run.stderr.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control }
                    )
                    try one.expectUntouched()
                    try two.expectUntouched()
                }
            }
        }
    }

    @Test func saysThatNothingMatches() throws {
        let name = uniqueName()
        let run = try Heapdump.run(["-n", name])
        run.expect(exit: 66)
        run.expect(saying: name, "heapdump list")
        #expect(run.stdout.isEmpty)
    }

    /// Only Node is meant, whatever else has the text in its arguments.
    @Test func passesOverOtherPrograms() throws {
        let name = uniqueName()
        try Command(["sh", "-c", "read line", name]).withChild { shell in
            try eventually("the shell runs") {
                try String(contentsOfFile: "/proc/\(shell.pid)/comm", encoding: .utf8) == "sh\n"
            }
            try Heapdump.run(["-n", name]).expect(exit: 66)
            #expect(shell.poll() == nil)
        }
    }

    @Test(arguments: Node.supported)
    func passesOverItsOwnAncestors(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let name = uniqueName()
            let heapdump = [Heapdump.binary, "-n", name, "-o", "a.heapsnapshot"]
            let wrapper = Command(
                try [node.path(), "--inspect-port=0", Package.targets + "/runs-command.js"] + heapdump,
                in: directory.path)
            let alone = try wrapper.run()
            alone.expect(exit: 66)
            alone.expect(saying: "has started this heapdump", "runs-command.js")
            try Target.with("idle-server.js", node, arguments: [name]) { target in
                try wrapper.run().expect(exit: 0)
                #expect(directory.contents == ["a.heapsnapshot"])
                try target.expectBackToNormal()
            }
        }
    }

    @Test(arguments: Node.supported)
    func doesNotPassOverWhatItMayNotSee(node: Node) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Heapdump.binary)
        let name = uniqueName()
        try Target.with("idle-server.js", node, arguments: [name]) { target in
            let run = try Heapdump.command(["-n", name], in: "/tmp", user: .nobody).run()
            run.expect(exit: 77)
            run.expect(saying: "1 that could not be looked at", "sudo", "\(target.pid)")
            try target.expectUntouched()
        }
    }

    /// One's own process is meant, and not another user's that is called the same.
    @Test func prefersWhatItMaySee() throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Heapdump.binary)
        let name = uniqueName()
        try Target.with("idle-server.js", .v22, arguments: [name]) { others in
            try Target.with("idle-server.js", .v22, arguments: [name], user: .nobody) { own in
                let run = try Heapdump.command(["-n", name, "-o", "-"], in: "/tmp", user: .nobody).run()
                run.expect(exit: 0)
                #expect(try SnapshotText(run.output).nodeCount > 1000)
                try own.expectBackToNormal()
                try others.expectUntouched()
            }
        }
    }

    /// Anybody may give his process the title that a script of root's has.
    @Test(arguments: Node.supported)
    func prefersAScriptToAnotherUsersTitle(node: Node) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(node.path())
        try TemporaryDirectory.with { directory in
            let name = uniqueName(".js")
            try Target.withScript(name, in: directory, node) { target in
                try withTitle(name, node) { attacker in
                    let run = try Heapdump.run(["-n", name, "-o", "a.heapsnapshot", "--json"], in: directory)
                    run.expect(exit: 0)
                    let facts = try #require(try run.json()["target"] as? [String: Any])
                    #expect(facts["pid"] as? Int == Int(target.pid))
                    #expect(facts["user"] as? String == NSUserName())
                    #expect(facts["uid"] as? Int == 0)
                    try target.expectBackToNormal()
                    try attacker.expectUntouched()
                }
            }
        }
    }

    /// A script's name is anybody's choice as well.
    @Test func choosesFromOneUsersProcessesAlone() throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Node.v22.path())
        let name = uniqueName()
        try Target.with("idle-server.js", .v22, arguments: [name]) { target in
            try Target.with("idle-server.js", .v22, arguments: [name], user: .nobody) { other in
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["-n", name], in: directory)
                    run.expect(exit: 78)
                    run.expect(
                        saying: "2 Node processes of several users match", "--user", "\(target.pid)  ", "\(other.pid)  "
                    )
                    for (user, pid) in [("root", target.pid), ("0", target.pid), ("65534", other.pid)] {
                        let run = try Heapdump.run(["-n", name, "--user", user, "--dry-run", "--json"], in: directory)
                        let facts = try #require(try run.json()["target"] as? [String: Any])
                        #expect(facts["pid"] as? Int == Int(pid), "\(run)")
                    }
                    try Heapdump.run(["-n", name, "--user", "1"], in: directory).expect(exit: 66)
                    try Heapdump.run(["-n", name, "--user", "no such user"], in: directory).expect(exit: 64)
                    try Heapdump.run(["\(target.pid)", "--user", "root"], in: directory).expect(exit: 64)
                    #expect(directory.contents.isEmpty)
                }
                #expect(try Listing(["--user", "65534"]).processes.allSatisfy { $0["uid"] as? Int == 65534 })
                #expect(try Listing(["--user", "65534"])[other.pid] != nil)
                #expect(try Listing(["--user", "0"])[other.pid] == nil)
                try target.expectUntouched()
                try other.expectUntouched()
            }
        }
    }

    /// As an unprivileged user.
    private func withTitle(_ title: String, _ node: Node, _ body: (Target) throws -> Void) throws {
        let program = "process.title = '\(title)'; require('\(Package.targets)/support/target').serve();"
        try Target.with(Command([node.path(), "--inspect-port=0", "-e", program], user: .nobody), body)
    }
}
