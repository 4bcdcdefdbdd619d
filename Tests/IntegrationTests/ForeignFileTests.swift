import Foundation
import Testing

/// Files that hold a snapshot and are none, made by the tools that people use: what heapdump says to do leads to the snapshot.
struct ForeignFileTests {
    /// Makes NAME of `leak`.
    struct Tool: CustomTestStringConvertible {
        let program: String
        let name: String
        let script: String
        let reason: String

        var testDescription: String { program }
    }

    static let tools: [Tool] = [
        .init(program: "xz", name: "leak.xz", script: "xz -0 -k -c leak >leak.xz", reason: "compressed with xz"),
        .init(
            program: "xz", name: "leak.lzma", script: "xz -0 --format=lzma -c leak >leak.lzma",
            reason: "compressed with LZMA"),
        .init(program: "bzip2", name: "my leak.bz2", script: "bzip2 -1 -c leak >'my leak.bz2'", reason: "bzip2"),
        .init(program: "lz4", name: "-leak.lz4", script: "lz4 -q -c leak >./-leak.lz4", reason: "lz4"),
        .init(program: "tar", name: "it's.tar", script: "tar -cf \"it's.tar\" leak", reason: "a tar archive"),
        .init(program: "tar", name: "host:leak.tar", script: "tar -cf ./host:leak.tar leak", reason: "a tar archive"),
        .init(program: "tar", name: "leak.tar.gz", script: "tar -czf leak.tar.gz leak", reason: "a tar archive"),
        .init(program: "zip", name: "leak.zip", script: "zip -1 -q leak.zip leak", reason: "a ZIP archive"),
        .init(
            program: "zstd", name: "twice", script: "gzip -1 -c leak | zstd -q -c >twice", reason: "compressed twice"),
        .init(
            program: "iconv", name: "utf16", script: "iconv -f UTF-8 -t UTF-16 leak >utf16", reason: "UTF-16 text"),
        .init(
            program: "iconv", name: "utf16be", script: "iconv -f UTF-8 -t UTF-16BE leak >utf16be",
            reason: "UTF-16 text"),
        .init(program: "base64", name: "text", script: "base64 leak >text", reason: "Base64"),
        .init(
            program: "cat", name: "log", script: "(echo 'Debugger attached.'; cat leak) >log",
            reason: "other text stands before the snapshot"),
        .init(
            program: "cat", name: "\u{1B}[31mbom",
            script: "(printf '\\357\\273\\277'; cat leak) >\"$(printf '\\033[31mbom')\"",
            reason: "a byte order mark"),
    ]

    private func withSnapshot(_ body: (TemporaryDirectory) throws -> Void) throws {
        try TemporaryDirectory.with { directory in
            let script = "require('v8').writeHeapSnapshot('leak')"
            try Command([try Node.v18.path(), "-e", script], in: directory.path).run().expect(exit: 0)
            try body(directory)
        }
    }

    private func require(_ program: String, in directory: TemporaryDirectory) throws {
        let run = try Command(["sh", "-c", "command -v \(program)"], in: directory.path).run()
        if run.ending != .exited(0) { try Test.cancel("\(program) is not installed") }
    }

    /// The command after the last colon and space that stands before a pipe.
    private func command(in message: String) throws -> String {
        let line = try #require(message.split(separator: "\n").first)
        let match = try #require(line.firstMatch(of: /; [a-z ]+: (.*)$/), "\(line)")
        return String(match.1)
    }

    @Test(arguments: tools) func saysTheCommandThatHelps(tool: Tool) throws {
        try withSnapshot { directory in
            try require(tool.program, in: directory)
            try Command(["sh", "-c", tool.script], in: directory.path).run().expect(exit: 0)
            let name = tool.name.hasPrefix("-") ? ["--", tool.name] : [tool.name]
            for subcommand in ["check", "summary"] {
                let run = try Heapdump.run([subcommand] + name, in: directory)
                run.expect(exit: 65)
                let message = subcommand == "check" ? run.stdout : run.stderr
                #expect(message.contains(": not a snapshot: ") && message.contains(tool.reason), "\(run)")
                #expect(!message.contains("\u{1B}"), "\(run)")
                let command = try command(in: message)
                #expect(
                    command.hasSuffix(
                        "| heapdump \(subcommand)\(tool.name.hasPrefix("-") && subcommand == "summary" ? " --" : "") -"),
                    "\(command)")
                let helped = try bash(command, in: directory).run()
                helped.expect(exit: 0)
                #expect(helped.stdout.hasPrefix(subcommand == "check" ? "-: valid" : "-\n"), "\(helped)")
            }
        }
    }

    @Test func saysItWithoutAFileForStandardInput() throws {
        try withSnapshot { directory in
            try require("xz", in: directory)
            let script = "xz -0 -c leak | '\(Heapdump.binary)' summary - --json"
            let run = try Command(["sh", "-c", script], in: directory.path).run()
            run.expect(exit: 65)
            #expect(
                run.stderr == "heapdump: -: not a snapshot: it is compressed with xz; decompress it: "
                    + "xz -dc | heapdump summary - --json\n", "\(run)")
        }
    }

    /// Standard input can be read once.
    @Test func comparisonsAreNotToldToReadItTwice() throws {
        try withSnapshot { directory in
            try require("xz", in: directory)
            try Command(["sh", "-c", "xz -0 -k leak && mv leak.xz a.xz && xz -0 -k leak"], in: directory.path).run()
                .expect(exit: 0)
            let first = try Heapdump.run(["diff", "a.xz", "leak.xz"], in: directory)
            first.expect(exit: 65)
            first.expect(saying: "decompress it: xz -dc leak.xz | heapdump diff a.xz -\n")
            let script = "xz -dc leak.xz | '\(Heapdump.binary)' diff a.xz -"
            let second = try Command(["sh", "-c", script], in: directory.path).run()
            second.expect(exit: 65)
            second.expect(saying: "heapdump: a.xz: ", "decompress it first: xz -dc a.xz\n")
        }
    }

    @Test func saysItInJSON() throws {
        try withSnapshot { directory in
            try require("xz", in: directory)
            try Command(["sh", "-c", "xz -0 leak"], in: directory.path).run().expect(exit: 0)
            let run = try Heapdump.run(["check", "--json", "leak.xz"], in: directory)
            run.expect(exit: 65)
            let report = try run.json()
            #expect(report["verdict"] as? String == "not a snapshot")
            #expect(
                report["reason"] as? String
                    == "it is compressed with xz; decompress it: xz -dc leak.xz | heapdump check -")
        }
    }

    /// The file in a pipe, and compressed once more by what heapdump decompresses: there, too, the command leads to the snapshot.
    @Test(arguments: tools) func helpsWithPipesAndCompressedFiles(tool: Tool) throws {
        try withSnapshot { directory in
            try require(tool.program, in: directory)
            let quoted = "\"$NAME\""
            try Command(["sh", "-c", tool.script], in: directory.path).run().expect(exit: 0)
            for compressor in ["cat", "gzip -1", "zstd -q"] {
                let make = Command(
                    ["sh", "-c", "\(compressor) <./\(quoted) >again"], in: directory.path,
                    environment: ["NAME": tool.name])
                try make.run().expect(exit: 0)
                for (source, shown) in [("", "again"), ("cat again | ", "-")] {
                    let run = try bash("\(source)heapdump check \(shown)", in: directory).run()
                    run.expect(exit: 65)
                    var line = try self.command(in: run.stdout)
                    var helped = try bash(source + line, in: directory).run()
                    var said = run.stdout + helped.stdout
                    // What was compressed twice before takes another step.
                    if helped.stdout.contains(": not a snapshot: ") {
                        line.replace("| heapdump check -", with: "| " + (try self.command(in: helped.stdout)))
                        helped = try bash(source + line, in: directory).run()
                        said += helped.stdout
                    }
                    helped.expect(exit: 0)
                    #expect(helped.stdout.hasPrefix("-: valid"), "\(compressor), \(shown): \(helped)")
                    #expect(said.contains(tool.reason), "\(compressor), \(shown): \(said)")
                    let summary = try bash("\(source)heapdump summary \(shown)", in: directory).run()
                    summary.expect(exit: 65)
                    #expect(
                        try self.command(in: summary.stderr)
                            == self.command(in: run.stdout).replacing(" check ", with: " summary "))
                }
            }
        }
    }

    /// As a person would type it.
    private func bash(_ line: String, in directory: TemporaryDirectory) -> Command {
        let script = "set -o pipefail; heapdump() { '\(Heapdump.binary)' \"$@\"; }; \(line)"
        return Command(["bash", "-c", script], in: directory.path)
    }

    /// Somebody sends the report for the snapshot.
    @Test func knowsWhatHeapdumpMakesOfASnapshot() throws {
        try withSnapshot { directory in
            try Heapdump.run(["report", "leak", "-o", "page.html"], in: directory).expect(exit: 0)
            try Heapdump.run(["export", "leak", "--sqlite", "heap.db"], in: directory).expect(exit: 0)
            for (file, reason) in [
                ("page.html", "it is a page that heapdump report wrote; "),
                ("heap.db", "it is a database that heapdump export wrote; "),
            ] {
                for command in ["check", "summary"] {
                    let run = try Heapdump.run([command, file], in: directory)
                    run.expect(exit: 65)
                    let message = command == "check" ? run.stdout : run.stderr
                    #expect(message.contains(reason) && message.hasSuffix(": heapdump summary SNAPSHOT\n"), "\(run)")
                }
            }
        }
    }

    /// Real ones, of this machine.
    @Test func namesOtherDumps() throws {
        try TemporaryDirectory.with { directory in
            let node = try Node.v20.path()
            let script = """
                const { Session } = require('inspector'), fs = require('fs');
                const session = new Session();
                session.connect();
                const post = (method) => new Promise((resolve, reject) =>
                  session.post(method, (error, result) => error ? reject(error) : resolve(result)));
                (async () => {
                  await post('HeapProfiler.startSampling');
                  await post('Profiler.enable');
                  await post('Profiler.start');
                  fs.writeFileSync('cpu', JSON.stringify((await post('Profiler.stop')).profile));
                  fs.writeFileSync('sampled', JSON.stringify((await post('HeapProfiler.stopSampling')).profile));
                  fs.writeFileSync('report', JSON.stringify(process.report.getReport()));
                })();
                """
            try Command([node, "-e", script], in: directory.path).run().expect(exit: 0)
            for (name, path, reason) in [
                ("cpu", "cpu", "it is a CPU profile; "), ("sampled", "sampled", "it is a sampling heap profile"),
                ("report", "report", "it is a diagnostic report of Node"),
                ("node", node, "it is a program or a library"),
            ] {
                let run = try Heapdump.run(["check", path], in: directory)
                run.expect(exit: 65)
                #expect(run.stdout.contains(": not a snapshot: \(reason)"), "\(name): \(run)")
            }
        }
    }
}
