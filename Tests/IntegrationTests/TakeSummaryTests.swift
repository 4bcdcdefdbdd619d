import Foundation
import Testing

/// What a dump says of itself: on standard error, and nowhere else.
struct TakeSummaryTests {
    private static let sentence = "LeakedSession objects"
    private static let last = "heapdump summary, report, retainers and show say more of a snapshot."

    private func withLeak(_ node: Node = .v24, _ body: (Target, TemporaryDirectory) throws -> Void) throws {
        try Target.with("leaks-named-class.js", node, arguments: ["\(Snapshots.leakedCount)"]) { target in
            try TemporaryDirectory.with { try body(target, $0) }
        }
    }

    @Test(arguments: Node.supported)
    func namesTheSuspects(node: Node) throws {
        try withLeak(node) { target, directory in
            let run = try Heapdump.run(["\(target.pid)", "--summary"], in: directory)
            run.expect(exit: 0)
            #expect(directory.contents.map { directory($0) } == [run.path] && run.stdout == run.path + "\n", "\(run)")
            run.expect(saying: "Leak suspects", "60,000 \(Self.sentence)", "Classes by retained size", Self.last)
            try target.expectBackToNormal()
        }
    }

    @Test(arguments: [
        ([], false), (["--summary"], true), (["--no-summary"], false), (["-q"], false), (["--json"], false),
        (["-q", "--summary"], true), (["--json", "--summary"], true), (["-v"], false),
    ])
    func isNotSaidInAPipeByDefault(options: [String], isSaid: Bool) throws {
        try withLeak { target, directory in
            let run = try Heapdump.run(["\(target.pid)", "-o", "a.heapsnapshot"] + options, in: directory)
            run.expect(exit: 0)
            #expect(run.stderr.contains(Self.sentence) == isSaid && run.stderr.contains(Self.last) == isSaid, "\(run)")
            #expect(!run.stdout.contains(Self.sentence))
            if options.contains("--json") {
                #expect(try run.json()["verdict"] as? String == "valid")
            } else {
                #expect(run.stdout == directory("a.heapsnapshot") + "\n")
            }
        }
    }

    @Test(arguments: [
        ([], true), (["--no-summary"], false), (["-q"], false), (["--json"], false), (["--summary"], true),
    ])
    func isSaidOnATerminalByDefault(options: [String], isSaid: Bool) throws {
        try withLeak { target, directory in
            let terminal = try Terminal()
            var command = Heapdump.command(["\(target.pid)", "-o", "a.heapsnapshot"] + options, in: directory.path)
            command.standardError = terminal.descriptor
            let run = try terminal.run(command)
            run.expect(exit: 0)
            #expect(terminal.text.contains(Self.sentence) == isSaid, "\(terminal.text)")
            #expect(!run.stdout.contains(Self.sentence))
            if !options.contains("--json") { #expect(run.stdout == directory("a.heapsnapshot") + "\n") }
        }
    }

    @Test func isSaidOfNothingElse() throws {
        try withLeak { target, directory in
            let both = try Heapdump.run(["\(target.pid)", "-o", "-", "--summary"], in: directory)
            both.expect(exit: 64)
            let terminal = try Terminal()
            for options in [["-o", "-"], ["--dry-run"]] {
                var command = Heapdump.command(["\(target.pid)"] + options, in: directory.path)
                command.standardError = terminal.descriptor
                try terminal.run(command).expect(exit: 0)
            }
            let plan = try Heapdump.run(["\(target.pid)", "--dry-run", "--summary"], in: directory)
            plan.expect(exit: 0)
            #expect(!plan.stderr.contains("Leak suspects") && !terminal.text.contains("Leak suspects"))
            #expect(directory.contents.isEmpty)
            let refused = try Heapdump.run(
                ["\(target.pid)", "-o", "nowhere/a.heapsnapshot", "--summary"], in: directory)
            refused.expect(exit: 73)
            #expect(!refused.stderr.contains("Leak suspects"), "\(refused)")
        }
    }

    /// The snapshot is there by then: nothing of it is lost, and nobody has to wait.
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func canBeInterrupted(signal: Int32) throws {
        try withLeak { target, directory in
            let pipe = try Pipe()
            pipe.fill()
            // Quiet until the summary, which then waits for somebody to read it.
            var command = Heapdump.command(
                ["\(target.pid)", "-q", "--summary", "-o", "a.heapsnapshot"], in: directory.path)
            command.standardError = pipe.writer
            try command.withChild { child in
                try eventually("the path of the snapshot") { child.stdout.text.hasSuffix("\n") }
                #expect(child.poll() == nil)
                child.send(signal)
                let run = try child.finish(within: .seconds(30))
                // As a shell says of both: 128 and the signal's number.
                #expect([.signalled(signal), .exited(128 + signal)].contains(run.ending), "\(run)")
                #expect(run.stdout == directory("a.heapsnapshot") + "\n")
            }
            let check = try Heapdump.run(["check", "a.heapsnapshot"], in: directory)
            check.expect(exit: 0)
            #expect(directory.contents == ["a.heapsnapshot"])
            try target.expectBackToNormal()
        }
    }

    @Test func tellsSeveralApart() throws {
        try withLeak { first, directory in
            try Target.with("idle-server.js", .v22) { second in
                let pids = ["\(first.pid)", "\(second.pid)"]
                let run = try Heapdump.run(pids + ["-o", "%p.heapsnapshot", "--summary"], in: directory)
                run.expect(exit: 0)
                #expect(
                    run.stdout.split(separator: "\n").map(String.init) == pids.map { directory("\($0).heapsnapshot") })
                #expect(run.stderr.components(separatedBy: "Leak suspects").count == 3, "\(run)")
                #expect(run.stderr.components(separatedBy: Self.last).count == 2, "\(run)")
            }
        }
    }
}
