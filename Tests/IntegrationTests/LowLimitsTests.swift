import Foundation
import Testing

/// heapdump itself under limits that somebody set: it works, or says which limit it is, and leaves nothing behind.
struct LowLimitsTests {
    // MARK: Open files (ulimit -n)

    @Test(arguments: [4, 8, 12, 20, 31], Node.supported)
    func refusesTooFewOpenFiles(limit: Int, node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                let run = try heapdump(["\(target.pid)"], under: "--nofile=\(limit):\(limit)", in: directory).run()
                run.expect(exit: 70)
                run.expect(saying: "ulimit -n", "only \(limit) files")
                #expect(run.stdout.isEmpty, "\(run)")
                #expect(directory.contents.isEmpty)
            }
            try target.expectUntouched()
        }
    }

    /// The fewest that it asks for are enough; a soft limit is none, since it may be raised.
    @Test(arguments: ["32:32", "40:40", "4:4096", "20:64"], Dumping.all)
    func worksWithFewOpenFiles(limit: String, dumping: Dumping) throws {
        try Target.with("idle-server.js", dumping.node) { target in
            try TemporaryDirectory.with { directory in
                let arguments = ["\(target.pid)"] + dumping.way.options
                let run = try heapdump(arguments, under: "--nofile=\(limit)", in: directory).run()
                run.expect(exit: 0)
                #expect(directory.contents.count == 1)
                #expect(try SnapshotText(run.path).nodeCount > 1_000)
            }
            try target.expectBackToNormal()
        }
    }

    @Test(arguments: [3, 4, 8]) func checksWithFewOpenFiles(limit: Int) throws {
        try TemporaryDirectory.with { directory in
            try Data("[]".utf8).write(to: URL(fileURLWithPath: directory("file")))
            let run = try heapdump(["check", "file"], under: "--nofile=\(limit):\(limit)", in: directory).run()
            // With three, not even the C library can be opened where it is a file of its own.
            if limit > 3 {
                run.expect(exit: 65)
                #expect(run.stdout.hasPrefix("file: not a snapshot"), "\(run)")
            } else {
                #expect(run.ending != .exited(0), "\(run)")
                #expect(!run.stderr.isEmpty, "\(run)")
            }
        }
    }

    // MARK: File size (ulimit -f)

    // What it says goes to a file too here, so that the least is a little more than nothing.
    @Test(arguments: [4 << 10, 100 << 10, 2 << 20], Dumping.all)
    func saysThatTheFileMayNotBeSoLarge(limit: Int, dumping: Dumping) throws {
        try Target.with("idle-server.js", dumping.node) { target in
            try TemporaryDirectory.with { directory in
                let arguments = ["\(target.pid)"] + dumping.way.options
                let run = try heapdump(arguments, under: "--fsize=\(limit):\(limit)", in: directory).run()
                run.expect(exit: 73)
                run.expect(saying: "ulimit -f")
                #expect(run.stdout.isEmpty, "\(run)")
                #expect(directory.contents.isEmpty)
            }
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }

    @Test(arguments: [100 << 10, 2 << 20], Dumping.all)
    func saysThatStandardOutputMayNotBeSoLarge(limit: Int, dumping: Dumping) throws {
        try Target.with("idle-server.js", dumping.node) { target in
            try TemporaryDirectory.with { directory in
                // A regular file: what a capture is, and what a shell's redirection makes.
                let arguments = ["\(target.pid)", "-o", "-"] + dumping.way.options
                let command = heapdump(arguments, under: "--fsize=\(limit):\(limit)", in: directory)
                let run = try command.run()
                run.expect(exit: 73)
                run.expect(saying: "ulimit -f")
                #expect(run.output.count <= limit)
                #expect(directory.contents.isEmpty)
            }
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }

    /// A slow reader's bytes wait in a file, which the limit is on too: they wait in the target then, and none are lost.
    @Test(arguments: Node.supported, Way.allCases)
    func spoolsNoMoreThanItMay(node: Node, way: Way) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                let limit = 100 << 10
                // The reader takes nothing before V8 is done with it, but for what the pipe and the spool hold.
                let script =
                    "prlimit --fsize=\(limit):\(limit) \"$0\" \(target.pid) -m \(way) -q -o - | (sleep 1; wc -c)"
                let run = try Command(["bash", "-o", "pipefail", "-c", script, Heapdump.binary], in: directory.path)
                    .run()
                run.expect(exit: 0)
                #expect(Int(run.path) ?? 0 > 1 << 20, "\(run)")
            }
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }

    /// The very first byte of an answer is one too many.
    @Test(arguments: [["check", "file"], ["check", "--json", "file"], ["--help"], ["--version"], ["check"]])
    func endsByItselfWhereNothingMayBeWritten(arguments: [String]) throws {
        try TemporaryDirectory.with { directory in
            try Data("[]".utf8).write(to: URL(fileURLWithPath: directory("file")))
            let run = try heapdump(arguments, under: "--fsize=0:0", in: directory).run()
            guard case .exited(let code) = run.ending else {
                Issue.record("\(run)")
                return
            }
            #expect([0, 64, 73].contains(code), "\(run)")
        }
    }

    private func heapdump(_ arguments: [String], under limit: String, in directory: TemporaryDirectory) -> Command {
        Command(["prlimit", limit, Heapdump.binary] + arguments, in: directory.path)
    }
}
