import Foundation
import Testing

/// JavaScript that waits in native code.
struct BlockedTests {
    /// Node fails a read(2) that a signal interrupts, and most programs end by the exception.
    @Test(arguments: Node.supported)
    func breaksNoReadThatBlocks(node: Node) throws {
        try Target.with("blocked-in-read.js", node) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--no-ptrace"], in: directory)
                run.expect(exit: 69)
                run.expect(saying: "blocked in read")
                // What it waits for is seen without the process's help.
                run.expect(saying: "main thread: blocked in read(fd 0 → pipe)", "heapdump stack \(target.pid)")
                #expect(directory.contents.isEmpty)
            }
            try target.child.write("hello\n")
            try eventually("process \(target.pid) reads on: \(target.child.stderr.text)", within: .seconds(30)) {
                target.child.stdout.text.contains("read 6")
            }
        }
    }

    /// V8 lets interrupts through to a thread that waits in Atomics.wait.
    @Test(arguments: Node.supported, Way.allCases)
    func dumpsJavaScriptThatWaits(node: Node, way: Way) throws {
        let wait = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"
        try withBlocked(in: wait, node) { target, directory in
            let run = try Heapdump.run(["\(target.pid)"] + way.options, in: directory, within: .seconds(60))
            run.expect(exit: 0)
            #expect(target.inspectors.isEmpty)
            // Its event loop has not turned: see `LiveProgramTests.dumpsJavaScriptThatNeverYields`.
            #expect(Guardian.pids(watching: target.pid).count == 1)
        }
    }

    /// A copy that crashes leaves half a snapshot, and another cannot be made by an event loop that does not turn: the
    /// inspector begins anew, and so does the file.
    @Test(arguments: Node.one)
    func goesOnWithTheInspectorWhereNoOtherCopyCanBeMade(node: Node) throws {
        let wait = """
            class Waiting { constructor(id) { this.id = id; this.next = { of: this, position: [id] }; } }
            global.all = Array.from({ length: 100000 }, (_, id) => new Waiting(id));
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
            """
        try withBlocked(in: wait, node) { target, directory in
            let command = Heapdump.command(
                [
                    "\(target.pid)", "--no-ptrace", "-v", "--max-pause", "unlimited", "--json", "--keep-partial", "-o",
                    "a.heapsnapshot",
                ],
                in: directory.path)
            try command.withChild { heapdump in
                try eventually("the copy writes: \(heapdump.stderr.text)") {
                    if let ending = heapdump.poll() { throw Failure("\(ending): \(heapdump.stderr.text)") }
                    return try heapdump.bytesWritten() > 1 << 20
                }
                kill(try target.awaitCopy(), SIGSEGV)
                let run = try heapdump.finish()
                run.expect(exit: 0)
                run.expect(saying: "crashed (SIGSEGV)", "trying the next method: inspector")
                let report = try run.json()
                #expect(report["method"] as? String == "inspector")
                let snapshot = try SnapshotText(directory("a.heapsnapshot"))
                #expect(report["bytes"] as? Int == snapshot.bytes)
                #expect(try snapshot.ids(ofClass: "Waiting").count == 100_000)
            }
            // The half one is not kept: there is a whole one.
            #expect(directory.contents == ["a.heapsnapshot"])
            #expect(target.inspectors.isEmpty)
            #expect(target.copies.isEmpty)
        }
    }

    /// The kernel lets open(2) of a FIFO wait for a writer.
    @Test(arguments: Node.supported)
    func breaksNoOpenThatBlocks(node: Node) throws {
        try withBlocked(in: "require('fs').openSync('go')", node) { target, directory in
            let run = try Heapdump.run(["\(target.pid)", "--no-ptrace"], in: directory)
            run.expect(exit: 69)
            run.expect(saying: "blocked in openat")
            #expect(!target.wasSignalled)
            try letGoOn(target)
            #expect(try target.get().hasPrefix("ok "))
        }
    }

    /// Native code that computes notices the signal when it is done, long after heapdump has given up.
    @Test func closesAnInspectorThatOpensLate() throws {
        let seconds = 30
        let computation = """
            { const end = Date.now() + \(seconds * 1000);
              const { pbkdf2Sync } = require('crypto');
              let rounds = 1e5, start = Date.now();
              pbkdf2Sync('a', 'b', rounds, 64, 'sha512');
              pbkdf2Sync('a', 'b', Math.ceil(rounds * (end - Date.now()) / (Date.now() - start)), 64, 'sha512'); }
            """
        try withBlocked(in: computation, .v24) { target, directory in
            let run = try Heapdump.run(["\(target.pid)", "--no-ptrace"], in: directory)
            run.expect(exit: 69)
            run.expect(saying: "busy in native code")
            try expectLateInspectorToClose(target)
        }
    }

    /// spawnSync has an event loop of its own: the main thread looks idle, and is not.
    @Test(arguments: Node.supported)
    func closesAnInspectorThatOpensAfterAChild(node: Node) throws {
        try withBlocked(in: "require('child_process').execSync('read word < go')", node) { target, directory in
            let run = try Heapdump.run(["\(target.pid)", "--no-ptrace"], in: directory)
            run.expect(exit: 69)
            run.expect(saying: "opened no inspector", "execSync")
            try letGoOn(target)
            try expectLateInspectorToClose(target)
        }
    }

    /// Runs a server that blocks in `call`. The FIFO `go` of the directory, in which it runs, is for what waits for a file.
    private func withBlocked(
        in call: String, _ node: Node, _ body: (Target, TemporaryDirectory) throws -> Void
    ) throws {
        try TemporaryDirectory.with { directory in
            mkfifo(directory("go"), 0o600)
            // The main thread cannot notice the end of the tests; the worker that can runs the prelude as well.
            let prelude = """
                const { isMainThread, Worker } = require('worker_threads');
                if (isMainThread) {
                  new Worker(`
                    const starter = process.ppid;
                    setInterval(() => process.ppid === starter || process.kill(process.pid, 'SIGKILL'), 500);
                  `, { eval: true }).unref();
                  process.chdir('\(directory.path)');
                  setTimeout(() => { \(call) }, 500);
                }
                """
            try Target.withPrelude(prelude, node) { target in
                try eventually("the program blocks") { (try? Http.get("/", port: target.port, within: 1)) == nil }
                #expect(target.child.poll() == nil, "\(target.child.stderr.text)")
                try TemporaryDirectory.with { try body(target, $0) }
            }
        }
    }

    /// Ends what waits for the FIFO of the target's directory.
    private func letGoOn(_ target: Target) throws {
        let fifo = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(target.pid)/cwd") + "/go"
        // Open for reading and writing, a FIFO keeps nobody waiting.
        let descriptor = open(fifo, O_RDWR | O_CLOEXEC)
        defer { close(descriptor) }
        try #require(write(descriptor, "on\n", 3) == 3)
        try eventually("the program answers again") { (try? Http.get("/", port: target.port, within: 1)) != nil }
    }

    private func expectLateInspectorToClose(_ target: Target) throws {
        try eventually("the program goes on, and opens its inspector") { target.wasSignalled }
        try target.awaitBackToNormal()
        #expect(try target.get().hasPrefix("ok "))
    }
}
