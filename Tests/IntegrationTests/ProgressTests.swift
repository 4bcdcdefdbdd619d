import Foundation
import Testing

struct ProgressTests {
    @Test(arguments: Node.supported, Way.allCases)
    func showsThePhasesOnATerminal(node: Node, way: Way) throws {
        try Target.with("big-heap-server.js", node, arguments: ["20"]) { target in
            try TemporaryDirectory.with { directory in
                let terminal = try Terminal()
                var command = Heapdump.command(["\(target.pid)"] + way.options, in: directory.path)
                command.standardError = terminal.descriptor
                let run = try terminal.run(command)
                #expect(run.ending == .exited(0), "\(terminal.text)")
                let building =
                    way == .fork
                    ? "a forked copy builds the snapshot, the process goes on"
                    : "V8 builds the snapshot, JavaScript stands still"
                for text in ["opening the inspector", building, "writing", "\r\u{1B}[K", " MB", "valid"] {
                    #expect(terminal.text.contains(text), "\(text) in \(terminal.text.debugDescription)")
                }
                #expect(terminal.text.contains("will stand still") == (way == .inspector), "\(terminal.text)")
                let percent = /writing .*\d+ %/
                #expect(terminal.text.contains(percent), "\(terminal.text.debugDescription)")
                // A line that wraps could not be taken back.
                let lines = terminal.text.split(separator: "\r\u{1B}[K").filter { !$0.contains("\n") }
                #expect(lines.allSatisfy { $0.count < 80 }, "\(lines)")
            }
        }
    }

    /// V8 counts all objects before it reports on them.
    @Test func asksV8ForProgressWhereSomebodyLooks() throws {
        try Target.with("lying-inspector.js", .v24, arguments: ["command"]) { target in
            try TemporaryDirectory.with { directory in
                let options = ["-o", "command.heapsnapshot", "--keep-partial", "--overwrite"]
                let arguments = ["\(target.pid)"] + Way.inspector.options + options
                let sent = directory.path + "/command.heapsnapshot.partial"
                try Heapdump.run(arguments, in: directory).expect(exit: 65)
                #expect(try String(contentsOfFile: sent, encoding: .utf8).contains(#""reportProgress":false"#))

                let terminal = try Terminal()
                var command = Heapdump.command(arguments, in: directory.path)
                command.standardError = terminal.descriptor
                #expect(try terminal.run(command).ending == .exited(65), "\(terminal.text)")
                #expect(try String(contentsOfFile: sent, encoding: .utf8).contains(#""reportProgress":true"#))
            }
        }
    }

    @Test(arguments: Node.supported, Way.allCases)
    func keepsControlCharactersFromFiles(node: Node, way: Way) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-v"] + way.options, in: directory)
                run.expect(exit: 0)
                run.expect(saying: "valid", "nodes", "debug port was open")
                run.expect(saying: way == .fork ? "JavaScript paused for" : "stand still")
                #expect(!run.stderr.contains("\r") && !run.stderr.contains("\u{1B}"), "\(run)")
            }
        }
    }

    @Test(arguments: Node.supported)
    func saysNothingWhereThatIsAsked(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-q"], in: directory)
                run.expect(exit: 0)
                #expect(run.stderr.isEmpty, "\(run)")
                #expect(run.stdout == run.path + "\n")
            }
        }
    }
}
