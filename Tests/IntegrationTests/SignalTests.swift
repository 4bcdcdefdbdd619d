import Foundation
import Testing

/// Programs that SIGUSR1 would not move to open their inspector.
struct SignalTests {
    @Test(arguments: Node.supported)
    func sendsNoSignalWhereThatIsRuledOut(node: Node) throws {
        try Target.with("own-sigusr1-handler.js", node) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--no-inspector", "--no-ptrace"], in: directory)
                run.expect(exit: 69)
                run.expect(saying: "--no-inspector")
                #expect(directory.contents.isEmpty)
            }
            #expect(try target.get("/signals") == "0")
            try target.expectUntouched()
        }
    }

    @Test(arguments: [
        (Node.v22, ["--disable-sigusr1"], "--disable-sigusr1"),
        (.v24, ["--disable-sigusr1"], "--disable-sigusr1"),
        (.v20, ["--experimental-permission", "--allow-fs-read=*"], "permission"),
        (.v22, ["--experimental-permission", "--allow-fs-read=*"], "permission"),
        (.v24, ["--permission", "--allow-fs-read=*"], "permission"),
        (.v26, ["--disable-sigusr1"], "--disable-sigusr1"),
        (.v26, ["--permission", "--allow-fs-read=*", "--allow-net"], "permission"),
        (.v26, ["--permission-audit"], "permission"),
    ])
    func saysWhichOptionSwitchedTheInspectorOff(node: Node, options: [String], named: String) throws {
        try Target.with("idle-server.js", node, options: ["--inspect-port=0"] + options) { target in
            try target.expectRefusal(saying: named)
        }
    }

    @Test func readsNodeOptionsToo() throws {
        let environment = ["NODE_OPTIONS": "--disable-sigusr1"]
        try Target.with("idle-server.js", .v24, environment: environment) { target in
            try target.expectRefusal(saying: "--disable-sigusr1")
        }
    }

    /// SIGUSR1 that dumps opens no inspector.
    @Test(arguments: Node.supported)
    func takesSIGUSR1ForWhatItDoes(node: Node) throws {
        let options = ["--inspect-port=0", "--heapsnapshot-signal=SIGUSR1"]
        try DumpingTarget.with(node, options: options) { target, its in
            try TemporaryDirectory.with { directory in
                let refused = try Heapdump.run(["\(target.pid)", "-m", "inspector"], in: directory)
                refused.expect(exit: 69)
                refused.expect(saying: "--heapsnapshot-signal=SIGUSR1")
                #expect(directory.contents.isEmpty && its.contents.isEmpty)
                let run = try Heapdump.run(["\(target.pid)", "--no-ptrace", "--json"], in: directory)
                run.expect(exit: 0)
                #expect(try run.json()["signal"] as? String == "SIGUSR1")
            }
            #expect(its.contents.isEmpty)
            try target.expectUntouched()
        }
    }

    /// A program that takes its handler back takes Node's away as well: the signal would then kill it.
    @Test(arguments: Node.one)
    func doesNotKillAProcessThatNoLongerCatchesTheSignal(node: Node) throws {
        let prelude = "const f = () => {}; process.on('SIGUSR1', f); process.removeListener('SIGUSR1', f);"
        try Target.withPrelude(prelude, node) { target in
            try target.expectRefusal(saying: "does not catch SIGUSR1")
        }
    }

    @Test(arguments: Node.supported)
    func refusesAStoppedProcess(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            target.child.send(SIGSTOP)
            defer { target.child.send(SIGCONT) }
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)"], in: directory)
                run.expect(exit: 69)
                run.expect(saying: "stopped")
                #expect(directory.contents.isEmpty)
            }
            target.child.send(SIGCONT)
            try target.expectUntouched()
        }
    }
}
