import Foundation
import Testing

/// What the commands that look into a snapshot print: it fits, and nothing of a heap's texts steers a terminal.
struct AnalysisOutputTests {
    /// Every command, on a snapshot of hostile names, and what each must have found.
    private func commands(_ file: String, in directory: TemporaryDirectory) throws -> [[String]] {
        func first(_ options: String...) throws -> String {
            let run = try Heapdump.run(["find", file, "--json", "--limit", "1"] + options, in: directory)
            let id = try #require(try run.rows("objects").first?["id"] as? Int, "\(run)")
            return "@\(id)"
        }
        let long = String(repeating: "C", count: 1000)
        let link = "Link" + String(repeating: Snapshots.hostileText, count: 50)
        let link1 = try first("--class", link)
        return [
            ["summary", file], ["diff", file, file], ["diff", "other", file], ["diff", file, "other"],
            ["retainers", file, Snapshots.hostileText], ["retainers", file, long], ["retainers", file, link],
            ["retainers", file, link1], ["retainers", file, link1, "--dominators"], ["show", file, link1],
            ["show", file, "@1"], ["show", file, try first("--class", long)],
            ["show", file, try first("--class", "(string)", "--string", Snapshots.hostileText)],
            ["show", file, try first("--class", "(string)", "--string", "漢字漢字")],
            ["find", file, "--string", Snapshots.hostileText, "--limit", "100"],
            ["find", file, "--string", "漢字"], ["find", file, "--string", "e\u{301}e\u{301}"],
            ["find", file, "--class", "half\u{FFFD}"], ["find", file, "--min-size", "10K"],
        ]
    }

    private func withHostileHeap(_ body: ([[String]], TemporaryDirectory) throws -> Void) throws {
        try Snapshots.hostile { file, directory in
            try body(commands(file, in: directory), directory)
        }
    }

    @Test func fitsInAPipe() throws {
        try withHostileHeap { commands, directory in
            for command in commands {
                let run = try Heapdump.run(command, in: directory)
                run.expect(exit: 0)
                expectHarmless(run.stdout, columns: 80, command)
                expectHarmless(run.stderr, columns: .max, command)
            }
        }
    }

    @Test(arguments: [40, 80, 200] as [UInt16])
    func fitsOnATerminal(columns: UInt16) throws {
        try withHostileHeap { commands, directory in
            for command in commands {
                let terminal = try Terminal(columns: columns)
                var row = Heapdump.command(command, in: directory.path)
                row.standardOutput = terminal.descriptor
                row.standardError = terminal.descriptor
                let run = try terminal.run(row)
                run.expect(exit: 0)
                let text = try #require(String(validating: terminal.bytes, as: UTF8.self))
                // Of a line that was taken back, what came after.
                let lines = text.replacingOccurrences(of: "\r\n", with: "\n").split(separator: "\n").map {
                    $0.components(separatedBy: "\r\u{1B}[K").last ?? ""
                }
                // A warning is as long as it is.
                let results = lines.filter { !$0.contains(": warning: ") }.joined(separator: "\n")
                expectHarmless(results, columns: Int(columns), command)
            }
        }
    }

    /// Which class it is that takes so much is read to its end.
    @Test(arguments: [40, 60, 80, 120] as [UInt16])
    func keepsTheNamesOnANarrowTerminal(columns: UInt16) throws {
        try Snapshots.growth { directory in
            for command in [
                ["summary", "newer"], ["diff", "older", "newer"], ["find", "newer", "--class", "Session"],
            ] {
                let terminal = try Terminal(columns: columns)
                var row = Heapdump.command(command, in: directory.path)
                row.standardOutput = terminal.descriptor
                try terminal.run(row).expect(exit: 0)
                let lines = terminal.text.components(separatedBy: "\r\n")
                #expect(lines.allSatisfy { $0.count <= columns })
                let header = try #require(lines.first { $0.contains("RETAINED") }, "\(lines)")
                #expect(header.hasSuffix(command[0] == "find" ? " OBJECT" : " CLASS"), "\(header)")
                #expect(lines.contains { $0.contains(/\d .*\b(Session|Session  \S+)$/) }, "\(terminal.text)")
                #expect(columns < 80 || header.contains("SHALLOW") || header.contains("SIZE"), "\(header)")
            }
        }
    }

    /// However little room there is, there is an answer.
    @Test(arguments: [1, 2, 7, 12, 25] as [UInt16])
    func standsANarrowTerminal(columns: UInt16) throws {
        try withHostileHeap { commands, directory in
            for command in commands {
                let terminal = try Terminal(columns: columns)
                var row = Heapdump.command(command, in: directory.path)
                row.standardOutput = terminal.descriptor
                row.standardError = terminal.descriptor
                try terminal.run(row).expect(exit: 0)
            }
        }
    }

    /// Names are whole in JSON, as escapes where they could steer; half a surrogate pair is what it was.
    @Test func escapesInJSON() throws {
        try withHostileHeap { commands, directory in
            for command in commands {
                let run = try Heapdump.run(command + ["--json"], in: directory)
                run.expect(exit: 0)
                #expect(run.stdout.filter { $0.isNewline }.count == 1 && run.stdout.hasSuffix("\n"), "\(command)")
                let steering = run.stdout.unicodeScalars.dropLast().filter {
                    $0.value < 0x20 || (0x7F..<0xA0).contains($0.value)
                }
                #expect(steering.isEmpty, "\(command): \(steering)")
                #expect(try !run.jsonWithHalves().isEmpty)
            }
            let found = try Heapdump.run(
                ["find", "hostile.heapsnapshot", "--class", Snapshots.hostileText, "--json"], in: directory)
            #expect(try found.rows("objects").first?["class"] as? String == Snapshots.hostileText)
            let half = try Heapdump.run(
                ["find", "hostile.heapsnapshot", "--class", "half\u{FFFD}", "--json"], in: directory)
            #expect(half.stdout.lowercased().contains(#""class":"half\ud83d""#), "\(half)")
        }
    }

    /// Of a report the page alone has the names: nothing of it is printed.
    @Test func putsHostileNamesIntoThePageInertly() throws {
        try Snapshots.hostile { file, directory in
            let run = try Heapdump.run(["report", file, "-o", "page.html"], in: directory)
            run.expect(exit: 0)
            #expect(run.stdout == directory("page.html") + "\n" && run.stderr.isEmpty, "\(run)")
            let page = try String(contentsOfFile: directory("page.html"), encoding: .utf8)
            let steering = page.unicodeScalars.filter {
                $0 != "\n" && $0.value < 0x20
            }
            #expect(steering.isEmpty, "\(steering.prefix(10))")
            let name = Snapshots.hostileText + "\n.html"
            let hostile = try Heapdump.run(["report", "nowhere" + name, "-o", name], in: directory)
            hostile.expect(exit: 74)
            expectHarmless(hostile.stderr, columns: .max, ["report"])
        }
    }

    /// A reader that leaves, and a disk that is full: no command ends as if all were well, or without a word.
    @Test(arguments: [
        ["--version"], ["--help"], ["check", "FILE"], ["check", "FILE", "--json"], ["check", "nowhere", "--json"],
        ["list", "--json"], ["\(getpid())", "--dry-run", "--json"], ["summary", "FILE", "--json", "--all"],
        ["show", "FILE", "@1"],
        ["find", "FILE", "--min-size", "1", "--limit", "100000", "--json"], ["retainers", "FILE", "@1"],
        ["diff", "FILE", "FILE"], ["report", "FILE", "-o", "-"],
    ])
    func endsWhereNobodyReads(command: [String]) throws {
        try Snapshots.leak(.v24) { file, directory in
            try Target.with("idle-server.js", .v24) { _ in
                let row = command.map { $0 == "FILE" ? file : $0 }
                let pipe = try Pipe()
                pipe.leave()
                var gone = Heapdump.command(row, in: directory.path)
                gone.standardOutput = pipe.writer
                let run = try gone.run()
                run.expect(exit: 73)
                run.expect(saying: "heapdump: cannot write to standard output: its reader went away")
                let full = try intoFullDevice(row, in: directory)
                full.expect(exit: 73)
                full.expect(
                    saying: "heapdump: cannot write to standard output: " + String(cString: strerror(ENOSPC)))
                #expect(directory.contents == [file])
            }
        }
    }

    /// What was written is not lost with its name.
    @Test(arguments: [["export", "--sqlite"], ["report", "-o"], ["report", "--json", "-o"]])
    func saysThatTheResultIsWritten(command: [String]) throws {
        try Snapshots.leak(.v24) { file, directory in
            let run = try intoFullDevice(command + ["result", file], in: directory)
            run.expect(exit: 73)
            run.expect(saying: "cannot write to standard output", "; \(directory("result")) is written")
            #expect(directory.contents == [file, "result"])
        }
    }

    /// More than a pipe holds goes to a reader who wants a part of it.
    @Test func endsWhenTheReaderHasEnough() throws {
        try Snapshots.leak(.v24) { file, directory in
            let script = "\"$0\" report \(file) -o - | head -c 1000; exit ${PIPESTATUS[0]}"
            let run = try Command(["bash", "-c", script, Heapdump.binary], in: directory.path).run()
            run.expect(exit: 73)
            #expect(run.output.count == 1000 && directory.contents == [file])
        }
    }

    private func intoFullDevice(_ row: [String], in directory: TemporaryDirectory) throws -> Run {
        let script = "exec \"$0\" \"$@\" >/dev/full"
        return try Command(["sh", "-c", script, Heapdump.binary] + row, in: directory.path).run()
    }

    private func expectHarmless(
        _ text: String, columns: Int, _ command: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let name = "\(command.map { $0.prefix(30) })"
        for line in text.split(separator: "\n") {
            #expect(Self.width(line) <= columns, "\(name): \(line)", sourceLocation: sourceLocation)
        }
        let steering = text.unicodeScalars.filter { scalar in
            scalar != "\n"
                && [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
        }
        #expect(steering.isEmpty, "\(name): \(text.debugDescription)", sourceLocation: sourceLocation)
    }

    /// Of what this heap's names are made of: Chinese takes two columns, and accents take none.
    private static func width(_ line: Substring) -> Int {
        line.unicodeScalars.reduce(0) { width, scalar in
            switch scalar.value {
            case 0x4E00...0x9FFF: width + 2
            case 0x300...0x36F: width
            default: width + 1
            }
        }
    }
}
