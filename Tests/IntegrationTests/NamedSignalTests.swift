import Foundation
import Testing

/// `--signal`: a signal that the application is said to dump on.
struct NamedSignalTests {
    @Test(arguments: Node.supported)
    func takesTheSnapshotFromWhereverTheApplicationWritesIt(node: Node) throws {
        try TemporaryDirectory.with { its in
            let arguments = ["SIGUSR2", its("my-own.heapsnapshot")]
            try Target.with("dumps-on-its-own-signal.js", node, arguments: arguments) { target in
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(target.pid)", "--signal", "usr2", "--json"], in: directory)
                    run.expect(exit: 0)
                    let report = try run.json()
                    #expect(report["signal"] as? String == "SIGUSR2")
                    let path = try #require(report["file"] as? String)
                    #expect(directory.contents.map { directory($0) } == [path])
                    #expect(try SnapshotText(path).ids(ofClass: "OwnSignalMarker").count == 1)
                }
                #expect(its.contents.isEmpty)
                #expect(try target.get("/signals") == "1")
                try target.expectUntouched()
            }
        }
    }

    /// The application opens a symbolic link: the file that it leads to is the snapshot.
    @Test(arguments: Node.supported)
    func followsTheFileAndNotTheLink(node: Node) throws {
        try TemporaryDirectory.with { its in
            let elsewhere = try its.directory("elsewhere")
            let real = elsewhere("real.heapsnapshot")
            try FileManager.default.createSymbolicLink(
                atPath: its("link.heapsnapshot"), withDestinationPath: real)
            let arguments = ["SIGUSR2", its("link.heapsnapshot")]
            try Target.with("dumps-on-its-own-signal.js", node, arguments: arguments) { target in
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(target.pid)", "--signal", "SIGUSR2"], in: directory)
                    run.expect(exit: 0)
                    let kind = try FileManager.default.attributesOfItem(atPath: run.path)[.type] as? FileAttributeType
                    #expect(kind == .typeRegular)
                }
                #expect(elsewhere.contents.isEmpty)
                #expect(its.contents == ["elsewhere", "link.heapsnapshot"])
            }
        }
    }

    @Test(arguments: Node.one)
    func givesUpOnAHandlerThatDoesNotDump(node: Node) throws {
        try Target.with("counts-signals.js", node) { target in
            let options = ["--signal", "SIGUSR2", "--stall-timeout", "2"]
            let run = try Heapdump.run(["\(target.pid)"] + options)
            run.expect(exit: 75)
            run.expect(saying: "waiting for it to begin", "main thread is idle")
            #expect(try target.get("/signals") == "1")
            try target.expectUntouched()
        }
    }

    /// A caught signal alone proves nothing, and is not sent unless it is named.
    @Test(arguments: Node.supported)
    func isNeededWhereNothingProvesADumper(node: Node) throws {
        try Target.with("counts-signals.js", node) { target in
            let run = try Heapdump.run(["\(target.pid)", "-m", "signal"])
            run.expect(exit: 69)
            run.expect(saying: "proves nothing", "--signal SIGUSR2")
            #expect(try target.get("/signals") == "0")
            try target.expectUntouched()
        }
    }

    /// Every signal there is, and every option: a process that catches none of them for a dump lives on.
    @Test(arguments: Node.supported)
    func noOptionKillsAProcessWithoutAHandler(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                let pid = "\(target.pid)"
                let named = (1...31).map { ["--signal", "\($0)"] }
                let others = [
                    ["-m", "signal"], ["--no-inspector"], ["-m", "signal", "--no-inspector"],
                    ["-m", "signal", "--signal", "SIGUSR2"], ["--no-inspector", "--signal", "SIGUSR2"],
                    ["-m", "auto", "--signal", "SIGUSR2", "--overwrite", "--keep-partial", "-t", "20"],
                    ["--signal", "SIGUSR2", "--stall-timeout", "1", "-o", "-"], ["-m", "signal", "--dry-run"],
                ]
                for signal in ["32", "33", "34", "64", "0", "NONE"] {
                    try Heapdump.run([pid, "--signal", signal], in: directory).expect(exit: 64)
                }
                for options in named + others {
                    let run = try Heapdump.run([pid, "--no-ptrace"] + options, in: directory)
                    #expect(run.ending == .exited(69), "\(run)")
                }
                #expect(directory.contents.isEmpty)
            }
            try target.expectUntouched()
        }
    }
}
