import Foundation
import Testing

/// Whoever starts a process chooses its title, its arguments and what it answers. None of that may steer the terminal of
/// who dumps it: of all that could, only what takes the progress line back comes through.
struct TerminalSafetyTests {
    /// Sets the window's title, clears the screen, ends the line, turns the text round; in C0, C1 and Unicode.
    private static let hostile = "\u{1B}]0;x\u{7}\u{1B}[2J\u{9B}31m\rok\u{202E}\u{7F}\u{8}\u{2028}\u{200B}e"

    // MARK: Take

    @Test(arguments: Node.supported)
    func dumpsAProcessWithHostileNames(node: Node) throws {
        try withHostileScript { script, directory in
            let options = ["--inspect-port=0", "--title=\(Self.hostile)"]
            for row in [options, Array(options.prefix(1))] {
                let command = Command(
                    [try node.path()] + row + [script, Self.hostile],
                    environment: [
                        "NODE_OPTIONS": "--max-http-header-size=16384 --require=\"./again\(Self.hostile).js\""
                    ])
                try withReady(command, in: directory) { target in
                    for option in ["-v", "--json"] {
                        let run = try expectSafe(
                            ["\(target.pid)", option, "-o", directory("a\(Self.hostile).heapsnapshot"), "--overwrite"],
                            in: directory)
                        #expect(run.ending == .exited(0), "\(run)")
                    }
                }
            }
        }
    }

    @Test func refusesWithHostileNames() throws {
        try withHostileScript { script, directory in
            let node = try Node.v24.path()
            try withReady(Command([node, "--inspect-port=0", script]), in: directory) { target in
                let pid = "\(target.pid)"
                for (arguments, code) in [
                    ([pid, "--no-inspector", "--no-ptrace"], 69),
                    ([pid, "-o", "nowhere\(Self.hostile)/a.heapsnapshot"], 73),
                    ([pid, "-o", Self.hostile + "/"], 73), ([pid, "-o", Self.hostile + ".js"], 73),
                ] as [([String], Int32)] {
                    for row in [arguments, arguments + ["--json"]] {
                        let run = try expectSafe(row, in: directory)
                        #expect(run.ending == .exited(code), "\(row)")
                    }
                }
            }
            let silent = [node, "--disable-sigusr1", "--title=\(Self.hostile)", script]
            try withReady(Command(silent), in: directory) { target in
                let run = try expectSafe(["\(target.pid)", "--no-ptrace"], in: directory)
                #expect(run.ending == .exited(69))
            }
        }
    }

    /// No Node, under a hostile name, and with a Node of hostile arguments as its child.
    @Test func namesOtherProgramsSafely() throws {
        try withHostileScript { script, directory in
            let shell = directory(Self.hostile)
            let original = URL(fileURLWithPath: "/bin/sh").resolvingSymlinksInPath()
            try FileManager.default.copyItem(at: original, to: URL(fileURLWithPath: shell))
            let line = "\"$1\" --inspect-port=0 \"$2\" \"$0\"; exit"
            let command = Command([shell, "-c", line, Self.hostile, try Node.v24.path(), script])
            try withReady(command, in: directory) { parent in
                let run = try expectSafe(["\(parent.pid)"], in: directory, showing: Self.shown)
                #expect(run.ending == .exited(67))
            }
        }
    }

    /// Another process has the port on which the inspector would open, and a hostile title.
    @Test func namesThePortsHolderSafely() throws {
        try Target.with("idle-server.js", .v24, options: ["--title=\(Self.hostile)"]) { holder in
            try Target.with("idle-server.js", .v24, options: ["--inspect-port=\(holder.port)"]) { target in
                try TemporaryDirectory.with { directory in
                    // As much as the kernel keeps of a name.
                    let run = try expectSafe(
                        ["\(target.pid)", "--no-ptrace", "--wait", "0"], in: directory, showing: #"\x1B]0;x\x07\x1B"#)
                    #expect(run.ending == .exited(75))
                    try target.expectUntouched()
                }
            }
        }
    }

    @Test(arguments: ["hostile-answers", "hostile-version", "hostile-snapshot", "hostile-refusal"])
    func quotesALyingInspectorSafely(answer: String) throws {
        try Target.with("lying-inspector.js", .v24, arguments: [answer]) { target in
            try TemporaryDirectory.with { directory in
                for option in ["-v", "--json"] {
                    let arguments = ["\(target.pid)", option, "--stall-timeout", "5", "-m", "inspector"]
                    let run = try expectSafe(arguments, in: directory)
                    guard case .exited(let code) = run.ending else {
                        Issue.record("\(run)")
                        return
                    }
                    #expect([65, 69].contains(code), "\(code)")
                    #expect(directory.contents.isEmpty)
                }
            }
        }
    }

    // MARK: Check

    @Test func checksHostileFilesSafely() throws {
        let contents = [
            Self.hostile, "{\"\(Self.hostile)\":1}",
            "{\"snapshot\":{\"meta\":{\"node_fields\":[\"\(Self.hostile)\"]}}}",
            "{\"snapshot\":{\"meta\":{\"node_fields\":[\"\\u001b]0;x\\u0007\"],\"\\u009b\":1,\"\\u009b\":2}}}",
            "{\"snapshot\":{\"meta\":1,\"\u{9B}\u{202E}\":2},\"\u{9B}\u{202E}\":\u{9B}", "",
        ]
        try TemporaryDirectory.with { directory in
            var names: [String] = []
            for (index, text) in contents.enumerated() {
                names.append("\(index)\(Self.hostile)")
                try Data(text.utf8).write(to: URL(fileURLWithPath: directory(names[index])))
            }
            for (options, what) in [(["check"], Self.shown), (["check", "--json"], #"\u001b]0;x\u0007"#)] {
                let run = try expectSafe(options + names, in: directory, showing: what)
                #expect(run.ending == .exited(65))
                let missing = try expectSafe(
                    options + ["missing\(Self.hostile)", "/\(Self.hostile)"], in: directory, showing: Self.shown)
                #expect(missing.ending == .exited(74))
            }
            // The same names again, as bytes that are no UTF-8.
            let script = "exec \"$0\" check \"$(printf 'a\\233\\033[2J\\377')\""
            let run = try expectSafe(Command(["sh", "-c", script, Heapdump.binary], in: directory.path))
            #expect(run.ending == .exited(74))
        }
    }

    // MARK: The command line

    @Test(arguments: [
        ["@"], ["1", "--@"], ["1", "-@"], ["1", "@"], ["1", "-t", "@"], ["1", "--stall-timeout=@"], ["1", "-o", "%@"],
        ["1", "-m", "@"], ["check", "--@"], ["help", "@"], ["@", "1"], ["1", "--json=@"], ["1", "2", "-o", "@"],
    ])
    func quotesTheCommandLineSafely(arguments: [String]) throws {
        try TemporaryDirectory.with { directory in
            for text in [Self.hostile, "\u{1B}]0;x\u{7}", "a\nb\u{1B}c", "\n", "\r\n", "\u{9B}"] {
                let hostile = arguments.map { $0.replacingOccurrences(of: "@", with: text) }
                let run = try expectSafe(hostile, in: directory)
                // An -o that can be a file's name is none of the command line's errors; nor is a question for help.
                #expect([.exited(64), .exited(66), .exited(67), .exited(0)].contains(run.ending), "\(hostile) \(run)")
            }
        }
    }

    @Test func showsWhatWasWrongAllTheSame() throws {
        let run = try Heapdump.run(["\u{1B}]0;x\u{7}"])
        run.expect(exit: 64)
        run.expect(saying: #"\x1B]0;x\x07"#)
    }

    // MARK: The means

    /// What the beginning of the hostile text is shown as.
    private static let shown = #"\x1B]0;x\x07\x1B[2J\u{9B}31m\x0Dok\u{202E}"#

    /// Runs it with both outputs on a terminal and looks at each byte that arrives there.
    private func expectSafe(
        _ arguments: [String], in directory: TemporaryDirectory, showing what: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Run {
        let command = Heapdump.command(arguments, in: directory.path)
        return try expectSafe(command, showing: what, sourceLocation: sourceLocation)
    }

    private func expectSafe(
        _ command: Command, showing what: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Run {
        let terminal = try Terminal()
        var command = command
        command.standardOutput = terminal.descriptor
        command.standardError = terminal.descriptor
        let run = try terminal.run(command)
        // A C1 control may also come as a byte that is no UTF-8.
        let text = try #require(
            String(validating: terminal.bytes, as: UTF8.self), "\(terminal.bytes)", sourceLocation: sourceLocation)
        // The terminal itself puts CR before each LF.
        let rest = text.replacingOccurrences(of: "\r\u{1B}[K", with: "").replacingOccurrences(
            of: "\r\n", with: "\n")
        let steering = rest.unicodeScalars.filter { $0 != "\n" && Self.steers($0) }
        #expect(steering.isEmpty, "\(rest.debugDescription)", sourceLocation: sourceLocation)
        #expect(!rest.isEmpty && (what.isEmpty || rest.contains(what)), "\(rest)", sourceLocation: sourceLocation)
        return run
    }

    /// Controls, and those of Unicode's format characters that change the direction or break the line.
    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }

    /// A server under a hostile path, and beside it a script that its NODE_OPTIONS may load.
    private func withHostileScript(_ body: (String, TemporaryDirectory) throws -> Void) throws {
        try TemporaryDirectory.with { directory in
            let script = directory(Self.hostile + ".js")
            let serve = "require('\(Package.targets)/support/target').serve();"
            try Data(serve.utf8).write(to: URL(fileURLWithPath: script))
            try Data().write(to: URL(fileURLWithPath: directory("again\(Self.hostile).js")))
            try body(script, directory)
        }
    }

    private func withReady(_ command: Command, in directory: TemporaryDirectory, _ body: (Child) throws -> Void) throws
    {
        var command = command
        command.directory = directory.path
        try command.withChild { child in
            try eventually("ready: \(child.stderr.text)") {
                if let ending = child.poll() { throw Failure("\(ending): \(child.stderr.text)") }
                return child.stdout.text.contains("ready {")
            }
            try body(child)
        }
    }
}
