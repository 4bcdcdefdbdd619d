import Foundation
import Testing

/// The JSON of every command, byte for byte: scripts depend on its keys, its order and its spelling. `make golden` writes the files anew.
@Suite struct GoldenTests {
    private static let later = "later.heapsnapshot.zst"

    /// By the name of the file. The figures of a file are the same each time.
    @Test(arguments: [
        ("check", ["check", later]),
        ("check-of-nothing", ["check", "nowhere.heapsnapshot"]),
        ("check-of-another-file", ["check", "server.js"]),
        ("summary", ["summary", later]),
        ("diff", ["diff", "base.heapsnapshot.zst", later]),
        ("diff-with-condition", ["diff", "base.heapsnapshot.zst", later, "--fail-if", "Session.count>100"]),
        ("retainers-of-class", ["retainers", later, "Session"]),
        ("retainers-dominators", ["retainers", later, "Session", "--dominators"]),
        ("show", ["show", later, "@1"]),
        ("find", ["find", later, "--class", "Session", "--min-size", "3000"]),
        ("report", ["report", later, "-o", "OUTPUT/report.html"]),
        ("export", ["export", later, "--sqlite", "OUTPUT/heap.sqlite"]),
    ])
    func ofAFile(name: String, arguments: [String]) throws {
        try TemporaryDirectory.with { output in
            let arguments = arguments.map { $0.replacingOccurrences(of: "OUTPUT", with: output.path) }
            let run = try Heapdump.run(arguments + ["--json"], in: TemporaryDirectory(path: Golden.directory))
            let text = run.stdout.replacingOccurrences(of: output.path, with: "/output")
                .replacingOccurrences(of: Golden.directory, with: "/golden")
            try Golden.expect(text, name, "\(run)")
        }
    }

    /// Each row of a long list has the same keys.
    @Test(arguments: [
        ("dry-run", ["--dry-run"]), ("take-by-fork", ["-m", "fork"]), ("take-by-inspector", ["-m", "inspector"]),
        ("take-by-signal", ["-m", "signal"]), ("take-refused", ["--signal", "SIGHUP"]),
        ("dry-run-refused", ["--dry-run", "--signal", "SIGHUP"]),
    ])
    func ofAProcess(name: String, options: [String]) throws {
        try DumpingTarget.with(.v26) { target, directory in
            try TemporaryDirectory.with { output in
                let run = try Heapdump.run(["\(target.pid)", "--json", "-o", "a.heapsnapshot"] + options, in: output)
                try Golden.expect(
                    Golden.normalized(run.stdout, [directory.path: "/target", output.path: "/output"]), name, "\(run)")
            }
        }
    }

    @Test func ofTheList() throws {
        try DumpingTarget.with(.v26) { target, directory in
            let run = try Heapdump.run(["list", "--threads", "--json"])
            let line = try #require(run.stdout.split(separator: "\n").first { $0.contains("\"pid\":\(target.pid),") })
            try Golden.expect(
                Golden.normalized(String(line) + "\n", [directory.path: "/target"]), "list", "\(run)")
        }
    }
}

private enum Golden {
    static let directory = Package.root + "/Tests/Golden"
    private static let renews = ProcessInfo.processInfo.environment["HEAPDUMP_RENEW_GOLDEN"] != nil

    static func expect(
        _ text: String, _ name: String, _ comment: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let path = "\(directory)/\(name).json"
        if renews { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
        let golden = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text == golden, "\(comment)", sourceLocation: sourceLocation)
    }

    /// Without what differs from run to run: numbers, and the texts that have some, but for those that are codes.
    static func normalized(_ text: String, _ paths: [String: String]) -> String {
        var text = text
        for (path, name) in paths { text = text.replacingOccurrences(of: path, with: name) }
        text = text.replacingOccurrences(of: Package.root, with: "/heapdump")
        // A number within a string is a pid, a size or a time; within a name it is a part of that.
        text = text.replacing(#/(^|[^A-Za-z0-9_\-])\d+(?:\.\d+)*(?:e-?\d+)?(?![A-Za-z0-9_])/#) { "\($0.output.1)0" }
        // The machine's: a thread for each core, what limits a process, and what is limited at all.
        text = text.replacing(#/"threads":\[.*?\]/#, with: #""threads":[]"#)
        text = text.replacing(#/"memory":{.*?}/#, with: #""memory":{}"#)
        return text.replacing(#/"needs":\[.*?\],/#, with: "")
    }
}
