import Foundation
import Testing

/// Node's own --heapsnapshot-signal.
struct SignalDumpTests {
    @Test(arguments: Node.each)
    func dumpsAndLeavesNothingWhereTheProcessRuns(node: Node) throws {
        try DumpingTarget.with(node, "leaks-named-class.js", arguments: ["321"]) { target, its in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-m", "signal", "--json"], in: directory)
                run.expect(exit: 0)
                let report = try run.json()
                let path = try #require(report["file"] as? String)
                #expect(directory.contents.map { directory($0) } == [path])
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
                #expect(try SnapshotText(path).ids(ofClass: "LeakedSession").count == 321)
                #expect(report["method"] as? String == "signal")
                #expect(report["signal"] as? String == "SIGUSR2")
                #expect(report["verdict"] as? String == "valid")
                #expect(report["warnings"] as? [String] == [])
                #expect(report["debug_port_open_milliseconds"] == nil)
                let phases = try #require(report["milliseconds"] as? [String: Double])
                #expect(phases["waiting"] != nil && phases["opening_inspector"] == nil, "\(phases)")
            }
            #expect(its.contents.isEmpty)
            try target.expectUntouched()
        }
    }

    @Test(arguments: Node.supported)
    func readsNodeOptions(node: Node) throws {
        let environment = ["NODE_OPTIONS": "--heapsnapshot-signal=SIGHUP"]
        try DumpingTarget.with(node, options: ["--inspect-port=0"], environment: environment) { target, its in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--no-inspector"], in: directory)
                run.expect(exit: 0)
                #expect(directory.snapshots.count == 1)
            }
            #expect(its.contents.isEmpty)
            try target.expectUntouched()
        }
    }

    /// DevTools compares two snapshots of a process by the ids of their objects.
    @Test(arguments: Node.supported)
    func keepsObjectIDsFromOneDumpToTheNext(node: Node) throws {
        try DumpingTarget.with(node, "leaks-named-class.js", arguments: ["50"]) { target, _ in
            try TemporaryDirectory.with { directory in
                let ids = try ["a", "b"].map { name in
                    let path = directory(name + ".heapsnapshot")
                    try Heapdump.run(["\(target.pid)", "-m", "signal", "-o", path], in: directory).expect(exit: 0)
                    return try SnapshotText(path).ids(ofClass: "LeakedSession")
                }
                #expect(ids[0].count == 50 && ids[0] == ids[1])
            }
        }
    }

    /// `auto` prefers what comes through the inspector, and takes the signal if that cannot open.
    @Test(arguments: Node.supported)
    func isTakenWhereTheInspectorCannotOpen(node: Node) throws {
        try DumpingTarget.with(node, "own-sigusr1-handler.js") { target, its in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--no-ptrace", "--json"], in: directory)
                run.expect(exit: 0)
                #expect(try run.json()["method"] as? String == "signal")
                #expect(directory.snapshots.count == 1)
            }
            #expect(its.contents.isEmpty)
            #expect(try target.get("/signals") == "0")
            try target.expectToServe()
        }
    }

    @Test(arguments: Node.supported)
    func isNotTriedWhereTheInspectorWorks(node: Node) throws {
        try DumpingTarget.with(node) { target, _ in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--json"], in: directory)
                run.expect(exit: 0)
                #expect(try run.json()["method"] as? String == "fork")
            }
            try target.expectBackToNormal()
        }
    }

    /// --diagnostic-dir is heeded from some Node 20 on.
    @Test(arguments: Node.each, [true, false])
    func findsTheDiagnosticDirectory(node: Node, isRelative: Bool) throws {
        try TemporaryDirectory.with { its in
            let diagnostic = try its.directory("diagnostic")
            let option = "--diagnostic-dir=" + (isRelative ? "diagnostic" : diagnostic.path)
            try DumpingTarget.with(node, in: its, options: DumpingTarget.options + [option]) { target in
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(target.pid)", "-m", "signal"], in: directory)
                    run.expect(exit: 0)
                    #expect(directory.snapshots.count == 1)
                }
                #expect(its.contents == ["diagnostic"] && diagnostic.contents.isEmpty)
                try target.expectUntouched()
            }
        }
    }

    @Test(arguments: Node.supported)
    func writesToStandardOutput(node: Node) throws {
        try DumpingTarget.with(node) { target, its in
            let run = try Heapdump.run(["\(target.pid)", "-m", "signal", "-o", "-"])
            run.expect(exit: 0)
            #expect(try SnapshotText(run.output).nodeCount > 1000)
            #expect(its.contents.isEmpty)
            try target.expectUntouched()
        }
    }

    /// In a pid namespace the file's name holds another pid than the one that we know.
    @Test(arguments: Node.supported)
    func knowsTheProcessByItsPidInItsNamespace(node: Node) throws {
        try Requirement.root()
        try TemporaryDirectory.with { its in
            let row =
                ["unshare", "--pid", "--fork", "--kill-child", "/usr/bin/env", "-C", its.path, try node.path()]
                + DumpingTarget.options + ["\(Package.targets)/idle-server.js"]
            try Command(row).withChild { launcher in
                let pid = try launcher.pidOfReadyChild()
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(pid)", "-m", "signal", "-v"], in: directory)
                    run.expect(exit: 0)
                    #expect(directory.snapshots.count == 1)
                }
                #expect(its.contents.isEmpty)
                #expect(launcher.poll() == nil)
            }
        }
    }

    /// Links, pipes and other processes' files under names of the right form are none of ours.
    @Test(arguments: Node.one)
    func tellsItsFileFromOthers(node: Node) throws {
        let decoys = """
            const fs = require('fs');
            const name = (hour, pid) => `Heap.20200101.${hour}0000.${pid}.0.001.heapsnapshot`;
            process.prependListener('SIGUSR2', () => {
              fs.symlinkSync('/etc/passwd', name(10, process.pid));
              require('child_process').execFileSync('mkfifo', [name(11, process.pid)]);
              fs.writeFileSync(name(12, process.pid + 1), 'another process');
              require('child_process').execFileSync('touch', [name(13, process.pid)]);
              fs.writeFileSync('other.heapsnapshot', 'something else');
            });
            """
        try TemporaryDirectory.with { its in
            try Data(decoys.utf8).write(to: URL(fileURLWithPath: its("decoys.js")))
            let options = DumpingTarget.options + ["--require", its("decoys.js")]
            try DumpingTarget.with(node, "leaks-named-class.js", in: its, options: options) { target in
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(target.pid)", "-m", "signal"], in: directory)
                    run.expect(exit: 0)
                    #expect(try SnapshotText(run.path).ids(ofClass: "LeakedSession").count == 1234)
                }
                // All five decoys stay, and nothing else.
                #expect(its.snapshots.count == 5, "\(its.contents)")
                try target.expectUntouched()
            }
        }
    }
}
