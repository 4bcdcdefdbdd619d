import Foundation
import Testing

/// What heapdump says of a process is what was seen of it.
struct SeenTests {
    /// A Node without its own symbols, as distributions have it: nothing tells who handles SIGUSR1.
    private func withStrippedNode(_ node: Node, _ body: (String) throws -> Void) throws {
        try TemporaryDirectory.with { directory in
            let stripped = directory("node")
            try Command(["strip", "-o", stripped, node.path()]).run().expect(exit: 0)
            try body(stripped)
        }
    }

    private func withHandler(
        _ prelude: String, _ node: Node, _ program: String, _ body: (Target) throws -> Void
    ) throws {
        try TemporaryDirectory.with { directory in
            try Target.withScript("app.js", in: directory, node, program: program, prelude: prelude, body)
        }
    }

    @Test(arguments: Node.each)
    func aHandlerOfTheApplicationsOwnIsSeenBeforehand(node: Node) throws {
        try Target.with("own-sigusr1-handler.js", node) { target in
            let run = try Heapdump.run(["\(target.pid)", "--no-ptrace"])
            run.expect(exit: 69)
            run.expect(saying: "has a handler of its own for SIGUSR1")
            #expect(try target.get("/signals") == "0")
            try target.expectUntouched()
        }
    }

    /// In one that was stripped the handler runs once, and both causes are named.
    @Test(arguments: Node.supported)
    func whereNothingTellsBothCausesAreNamed(node: Node) throws {
        try withStrippedNode(node) { program in
            try withHandler("process.on('SIGUSR1', () => {});", node, program) { target in
                let run = try Heapdump.run(["\(target.pid)", "--no-ptrace"])
                run.expect(exit: 69)
                run.expect(saying: "either the application handles SIGUSR1 itself", "or Node could not open it")
                try target.expectBackToNormal()
            }
        }
    }

    /// What was not known beforehand: `auto` goes on to the signal, and SIGUSR1 was not sent for each method.
    @Test(arguments: Node.supported)
    func theNextMethodIsTakenWhereTheInspectorDoesNotOpen(node: Node) throws {
        try withStrippedNode(node) { program in
            try TemporaryDirectory.with { its in
                let script = "\(Package.targets)/own-sigusr1-handler.js"
                let row = [program, "--inspect-port=0", "--heapsnapshot-signal=SIGUSR2", script]
                try Target.with(Command(row, in: its.path)) { target in
                    try TemporaryDirectory.with { directory in
                        let run = try Heapdump.run(["\(target.pid)", "--no-ptrace", "--json"], in: directory)
                        run.expect(exit: 0)
                        run.expect(saying: "fork, inspector: ", "trying the next method: signal", "valid")
                        let report = try run.json()
                        #expect(report["method"] as? String == "signal")
                        let failed = try #require(report["failed_methods"] as? [[String: Any]])
                        #expect(failed.map { $0["method"] as? String } == ["fork", "inspector"])
                        #expect(Set(failed.map { $0["reason"] as? String }).count == 1)
                    }
                    #expect(try target.get("/signals") == "1")
                    try target.expectToServe()
                }
            }
        }
    }

    @Test(arguments: Node.supported)
    func aProcessThatTheSignalEndsIsSaidToHaveEndedByIt(node: Node) throws {
        try withStrippedNode(node) { program in
            for _ in 1...5 {
                try withHandler("process.on('SIGUSR1', () => process.abort());", node, program) { target in
                    let run = try Heapdump.run(["\(target.pid)"])
                    run.expect(exit: 68)
                    run.expect(saying: "right after SIGUSR1 was sent")
                    #expect(!run.stderr.contains("memory") && !run.stderr.contains("exec"), "\(run)")
                    try eventually("the guardian has seen it") { Guardian.pids(watching: target.pid).isEmpty }
                }
            }
        }
    }

    @Test(arguments: Node.supported, [true, false])
    func aSignalThatWritesAReportIsNotSent(node: Node, inEnvironment: Bool) throws {
        let options = ["--report-on-signal", "--report-signal=SIGUSR1"]
        try TemporaryDirectory.with { directory in
            let place = ["--report-dir=\(directory.path)"]
            let environment = inEnvironment ? ["NODE_OPTIONS": options.joined(separator: " ")] : [:]
            try Target.with(
                "idle-server.js", node, options: place + (inEnvironment ? [] : options), environment: environment
            ) { target in
                try target.expectRefusal(saying: "diagnostic report")
                #expect(directory.contents.isEmpty)
            }
        }
    }

    @Test(arguments: Node.supported)
    func anInspectorThatHidesItsAddressIsNotOpened(node: Node) throws {
        let options = ["--inspect-port=0", "--inspect-publish-uid=stderr"]
        try Target.with("idle-server.js", node, options: options) { target in
            try target.expectRefusal(saying: "--inspect-publish-uid")
        }
    }
}
