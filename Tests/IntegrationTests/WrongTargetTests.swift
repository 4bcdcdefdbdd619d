import Foundation
import Testing

struct WrongTargetTests {
    @Test func saysThatThereIsNoSuchProcess() throws {
        let gone = try Command(["true"]).withChild { child in
            _ = try child.finish()
            return child.pid
        }
        let run = try Heapdump.run(["\(gone)"])
        run.expect(exit: 66)
        run.expect(saying: "\(gone)")
    }

    @Test func namesAProgramThatIsNotNode() throws {
        try Command(["sleep", "1000"]).withChild { child in
            try eventually("sleep runs") {
                try String(contentsOfFile: "/proc/\(child.pid)/comm", encoding: .utf8) == "sleep\n"
            }
            let run = try Heapdump.run(["\(child.pid)", "--json"])
            run.expect(exit: 67)
            run.expect(saying: "sleep")
            try run.expect(code: "not-node")
            #expect(child.poll() == nil)
        }
    }

    @Test(arguments: Node.supported)
    func namesTheNodeProcessBelowAShell(node: Node) throws {
        // A shell with more to do stays, and runs Node as its child.
        try Target.with("idle-server.js", node, launcher: ["sh", "-c", "\"$@\"; true", "sh"]) { shell in
            let server = try #require(shell.facts["pid"] as? Int)
            let run = try Heapdump.run(["\(shell.pid)"])
            run.expect(exit: 67)
            run.expect(saying: "\(server)", "idle-server.js")
            try shell.expectUntouched()
            // Both end by themselves: the server with its standard input, the shell with its server.
            shell.child.closeInput()
            _ = try shell.child.finish()
        }
    }

    @Test(arguments: Node.supported)
    func namesTheRemedyWhereItIsNotPermitted(node: Node) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Heapdump.binary)
        try Target.with("idle-server.js", node) { target in
            let run = try Heapdump.command(["\(target.pid)", "--json"], in: "/tmp", user: .nobody).run()
            run.expect(exit: 77)
            run.expect(saying: "sudo")
            try run.expect(code: "not-permitted")
            try target.expectUntouched()
        }
    }

    /// A user needs no privilege for a process of his own.
    @Test(arguments: Node.supported, Way.allCases)
    func dumpsAProcessOfTheSameUser(node: Node, way: Way) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Heapdump.binary)
        try Target.with("idle-server.js", node, user: .nobody) { target in
            try TemporaryDirectory.with { directory in
                chown(directory.path, 65534, 65534)
                let arguments = ["\(target.pid)", "-o", "a.heapsnapshot"] + way.options
                let run = try Heapdump.run(arguments, in: directory, user: .nobody)
                run.expect(exit: 0)
                let attributes = try FileManager.default.attributesOfItem(atPath: directory("a.heapsnapshot"))
                #expect(attributes[.ownerAccountID] as? Int == 65534)
                try target.expectBackToNormal()
            }
        }
    }
}
