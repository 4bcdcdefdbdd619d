import Foundation
import Testing

/// Programs that run JavaScript and are not Node.
struct OtherRuntimeTests {
    private func withDeno<Result>(_ options: [String], _ body: (Target) throws -> Result) throws -> Result {
        let deno = try Node.path(of: "deno")
        return try TemporaryDirectory.with { directory in
            let environment = ["DENO_DIR": directory.path, "DENO_NO_UPDATE_CHECK": "1"]
            let row = [deno, "run", "--allow-net"] + options + ["\(Package.targets)/deno-server.js"]
            return try Target.with(Command(row, environment: environment), body)
        }
    }

    @Test func dumpsDenoThroughItsInspector() throws {
        try withDeno(["--inspect=127.0.0.1:0"]) { target in
            let row = try #require(try Listing()[target.pid])
            #expect(row["runtime"] as? String == "deno")
            #expect((row["runtime_version"] as? String)?.hasPrefix("2.") == true, "\(row)")
            #expect(row["node_version"] == nil)
            #expect(row["method"] as? String == "inspector")
            let inspectors = target.inspectors
            for method in [[], ["-m", "inspector"]] {
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(target.pid)", "--json"] + method, in: directory)
                    run.expect(exit: 0)
                    run.expect(saying: "(deno 2.", "deno-server.js")
                    let report = try run.json()
                    let its = try #require(report["target"] as? [String: Any])
                    #expect(its["runtime"] as? String == "deno")
                    #expect((its["runtime_version"] as? String)?.hasPrefix("2.") == true)
                    #expect(its["node_version"] == nil)
                    #expect(report["method"] as? String == "inspector")
                    let file = try #require(report["file"] as? String)
                    #expect(try SnapshotText(file).ids(ofClass: "DenoSession").count == 1000)
                    try Heapdump.run(["check", file]).expect(exit: 0)
                }
            }
            // It was open before.
            #expect(target.inspectors == inspectors)
            #expect(try target.get() == "ok 1")
        }
    }

    @Test(arguments: ["fork", "signal"])
    func sendsDenoNothing(method: String) throws {
        try withDeno(["--inspect=127.0.0.1:0"]) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-m", method], in: directory)
                run.expect(exit: 69)
                run.expect(saying: "\(method): Deno can be dumped through its inspector alone")
                #expect(directory.contents.isEmpty)
            }
            #expect(try target.get() == "ok 1")
        }
    }

    @Test func saysWhatDenoWithoutInspectorNeeds() throws {
        try withDeno([]) { target in
            try expectRefusal(
                of: target.pid,
                "(deno) is Deno 2.9.8, not Node: start it with --inspect, and heapdump takes its heap snapshot "
                    + "through that")
            #expect(try target.get() == "ok 1")
        }
    }

    /// A socket that is served off the main thread is most likely an inspector's; it is asked, and no signal is sent to find one.
    @Test func sendsNoSignalToDenoThatServesOffItsMainThread() throws {
        let deno = try Node.path(of: "deno")
        try TemporaryDirectory.with { directory in
            let row = [
                deno, "serve", "--host", "127.0.0.1", "--port", "0", "--parallel", "\(Package.targets)/deno-serve.mjs",
            ]
            let environment = ["DENO_DIR": directory.path, "DENO_NO_UPDATE_CHECK": "1", "DENO_JOBS": "2"]
            try Command(row, environment: environment).withChild { child in
                try eventually("it serves: \(child.stderr.text)") { child.stderr.text.contains("Listening on") }
                let run = try Heapdump.run(["\(child.pid)"])
                #expect([.exited(67), .exited(69)].contains(run.ending), "\(run)")
                run.expect(saying: "start", "--inspect")
                #expect(!child.stderr.text.contains("nspector"), "\(child.stderr.text)")
                #expect(child.poll() == nil)
            }
        }
    }

    @Test func saysWhatToDoWithBun() throws {
        try TemporaryDirectory.with { directory in
            let script = directory("waits.js")
            try Data("console.log('ready'); process.stdin.on('end', () => process.exit()).resume();".utf8)
                .write(to: URL(fileURLWithPath: script))
            try expectRefusal(
                ofProgram: [try Node.path(of: "bun"), "run", script],
                "(bun) is Bun 1.4.4, not Node: call require('node:v8').writeHeapSnapshot() in the program; heapdump check, "
                    + "summary and diff read the file")
        }
    }

    /// What is said of it, the file of Bun's keeps.
    @Test func readsASnapshotOfBuns() throws {
        try TemporaryDirectory.with { directory in
            let script = """
                class BunSession {}
                globalThis.sessions = Array.from({ length: 1000 }, () => new BunSession());
                require('node:v8').writeHeapSnapshot('bun.heapsnapshot');
                """
            try Data(script.utf8).write(to: URL(fileURLWithPath: directory("writes.js")))
            let bun = try Command([try Node.path(of: "bun"), "run", "writes.js"], in: directory.path).run()
            #expect(bun.ending == .exited(0), "\(bun)")
            try Heapdump.run(["check", "bun.heapsnapshot"], in: directory).expect(exit: 0)
            let summary = try Heapdump.run(["summary", "bun.heapsnapshot", "--json", "--all"], in: directory)
            summary.expect(exit: 0)
            let row = try #require(try summary.rows("classes").first { $0["name"] as? String == "BunSession" })
            #expect(row["count"] as? Int == 1000)
        }
    }

    @Test func saysWhatToDoWithChromium() throws {
        let row = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "about:blank"]
        try TemporaryDirectory.with { directory in
            let command = Command([try Chromium.path()] + row + ["--user-data-dir=\(directory.path)"])
            try command.withChild { child in
                // Debian's chromium is a script, which becomes the browser.
                try eventually("Chromium listens: \(child.stderr.text)") {
                    child.stderr.text.contains("DevTools listening")
                }
                try expectRefusal(
                    of: child.pid,
                    "is Chromium, not Node: use the Memory panel of its DevTools; heapdump check, summary and diff read "
                        + "the file")
                #expect(child.poll() == nil)
            }
        }
    }

    /// A stand-in that exports what Electron does and needs the libraries that it needs.
    @Test func saysWhatToDoWithElectron() throws {
        try TemporaryDirectory.with { directory in
            try CProgram.build(
                "libnss3.so", "int NSS_IsInitialized(void) { return 0; }", ["-shared", "-fPIC"], in: directory)
            let source =
                CProgram.main + CProgram.node + """
                    int NSS_IsInitialized(void);
                    int main(void) { return NSS_IsInitialized() + run(); }
                    """
            try CProgram.build("electron", source, ["-rdynamic", "./libnss3.so"], in: directory)
            try CProgram.with("electron", in: directory) { child in
                try expectRefusal(
                    of: child.pid,
                    "(electron) is Electron, not Node: call process.takeHeapSnapshot('FILE.heapsnapshot') in it, or use the "
                        + "Memory panel of its DevTools; heapdump check, summary and diff read the file")
                #expect(child.stdout.text == "ready\n")
            }
        }
    }

    @Test func aProgramThatRunsNoJavaScriptIsNamed() throws {
        try expectRefusal(
            ofProgram: ["python3", "-c", "import sys; print('ready', flush=True); sys.stdin.read()"],
            "is not a Node process: it runs /")
    }

    private func expectRefusal(ofProgram row: [String], _ text: String) throws {
        try Command(row).withChild { child in
            try eventually("\(row[0]) runs: \(child.stderr.text)") { child.stdout.text.contains("ready") }
            try expectRefusal(of: child.pid, text)
            #expect(child.poll() == nil)
        }
    }

    private func expectRefusal(of pid: pid_t, _ text: String) throws {
        let run = try Heapdump.run(["\(pid)"])
        run.expect(exit: 67)
        run.expect(saying: "process \(pid) ", text)
        #expect(run.stderr.split(separator: "\n").count == 1, "\(run)")
        #expect(try Listing()[pid] == nil)
    }
}
