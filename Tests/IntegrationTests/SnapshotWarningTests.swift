import Foundation
import Testing

/// What every command says of a snapshot that is valid, but not as V8 writes it today: the same, once, and of which file.
struct SnapshotWarningTests {
    private static let foreign =
        "The root has the id 0, where V8 writes 1: another program wrote this file, such as Julia."
    private static let spaced =
        "White space stands between \"snapshot\" and its colon: DevTools would wait for ever for such a file."

    private func withFiles(_ body: (TemporaryDirectory) throws -> Void) throws {
        try TemporaryDirectory.with { directory in
            let text = JuliaSnapshot.text
            try Data(text.utf8).write(to: URL(fileURLWithPath: directory("julia")))
            let key = try #require(text.range(of: #""snapshot":"#))
            let other = text.replacingCharacters(in: key, with: #""snapshot" :"#)
            try Data(other.utf8).write(to: URL(fileURLWithPath: directory("other")))
            try body(directory)
        }
    }

    @Test func everyCommandOfOneFileWarnsAlike() throws {
        try withFiles { directory in
            for command in [
                ["check", "julia"], ["summary", "julia"], ["show", "julia", "@0"],
                ["find", "julia", "--min-size", "1"],
                ["find", "julia", "--class", "nowhere"], ["retainers", "julia", "(Base.Type{399})"],
                ["retainers", "julia", "(Base.Type{399})", "--dominators"],
                ["report", "julia", "-o", "page.html", "--overwrite"],
                ["export", "julia", "--sqlite", "heap.db", "--overwrite"],
            ] {
                let text = try Heapdump.run(command, in: directory)
                text.expect(exit: 0)
                #expect(text.stderr == "julia: warning: \(Self.foreign)\n", "\(text)")
                let json = try Heapdump.run(command + ["--json"], in: directory)
                json.expect(exit: 0)
                #expect(try json.json()["warnings"] as? [String] == [Self.foreign] && json.stderr.isEmpty, "\(json)")
            }
            let page = try Heapdump.run(["report", "julia", "-o", "-"], in: directory)
            page.expect(exit: 0)
            #expect(page.stderr == "julia: warning: \(Self.foreign)\n")
        }
    }

    @Test func saysWhichOfSeveralFilesItMeans() throws {
        try withFiles { directory in
            let notes = ["julia: \(Self.foreign)", "other: \(Self.spaced)", "other: \(Self.foreign)"]
            let lines = [
                "julia: warning: \(Self.foreign)", "other: warning: \(Self.spaced)", "other: warning: \(Self.foreign)",
            ]
            for command in [
                ["diff", "julia", "other"], ["diff", "julia", "other", "julia", "other"],
                ["report", "other", "--base", "julia", "-o", "page.html", "--overwrite"],
            ] {
                let text = try Heapdump.run(command, in: directory)
                text.expect(exit: 0)
                #expect(text.stderr.split(separator: "\n").map(String.init) == lines, "\(text)")
                let json = try Heapdump.run(command + ["--json"], in: directory)
                #expect(try json.json()["warnings"] as? [String] == notes && json.stderr.isEmpty, "\(json)")
            }
            // Who gets the page reads them there.
            let page = try String(contentsOfFile: directory("page.html"), encoding: .utf8)
            #expect(page.contains("julia: The root has the id 0") && page.contains("other: White space"))
            let check = try Heapdump.run(["check", "julia", "other"], in: directory)
            check.expect(exit: 0)
            #expect(check.stderr.split(separator: "\n").map(String.init) == lines, "\(check)")
        }
    }

    @Test func aNameDoesNotSteerTheTerminal() throws {
        try withFiles { directory in
            let name = "\u{1B}[2Jjulia"
            try FileManager.default.moveItem(atPath: directory("julia"), toPath: directory(name))
            let run = try Heapdump.run(["diff", name, name], in: directory)
            run.expect(exit: 0)
            #expect(run.stderr == "\\x1B[2Jjulia: warning: \(Self.foreign)\n", "\(run)")
        }
    }
}
