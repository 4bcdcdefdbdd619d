import Foundation
import Testing

/// Snapshots that DevTools opens although V8 writes them otherwise today: valid, with a warning, and with right figures.
struct OldFormatTests {
    /// A snapshot of Node's, and the same with the types that old V8 did not list taken off its header.
    private func withOldV8(_ node: Node, _ body: (TemporaryDirectory) throws -> Void) throws {
        try TemporaryDirectory.with { directory in
            let script = """
                global.symbols = Array.from({ length: 50 }, (_, i) => Symbol('kept ' + i));
                global.large = Array.from({ length: 50 }, (_, i) => 10n ** BigInt(50 + i));
                require('v8').writeHeapSnapshot('today');
                """
            try Command([try node.path(), "-e", script], in: directory.path).run().expect(exit: 0)
            let text = try String(contentsOfFile: directory("today"), encoding: .utf8)
            let old = text.replacing("\"sliced string\",\"symbol\",\"bigint\"]", with: "\"sliced string\"]")
            #expect(old != text)
            try Data(old.utf8).write(to: URL(fileURLWithPath: directory("old")))
            try body(directory)
        }
    }

    @Test(arguments: [Node.v14, .v16, .v18]) func oldV8IsValidWithAWarning(node: Node) throws {
        try withOldV8(node) { directory in
            let text = try Heapdump.run(["check", "old"], in: directory)
            text.expect(exit: 0)
            #expect(text.stdout.hasPrefix("old: valid: "), "\(text)")
            #expect(
                text.stderr.contains(/^old: warning: \d+ nodes have a type that the header does not list/), "\(text)")
            let report = try Heapdump.run(["check", "--json", "old"], in: directory).json()
            #expect(report["verdict"] as? String == "valid")
            #expect((report["warnings"] as? [String])?.count == 1)
            let today = try Heapdump.run(["check", "today"], in: directory)
            today.expect(exit: 0)
            #expect(today.stderr.isEmpty, "\(today)")
        }
    }

    /// All figures but the names of the types that have none.
    @Test(arguments: [Node.v14, .v16, .v18]) func oldV8HasTheSameFigures(node: Node) throws {
        try withOldV8(node) { directory in
            func summary(_ file: String) throws -> [String: Any] {
                let run = try Heapdump.run(["summary", "--json", "--all", file], in: directory)
                run.expect(exit: 0)
                var json = try run.json()
                for key in ["file", "bytes", "warnings"] { json[key] = nil }
                return json
            }
            func text(_ json: [String: Any]) throws -> String {
                String(decoding: try JSONSerialization.data(withJSONObject: json, options: .sortedKeys), as: UTF8.self)
            }
            let (today, old) = (try summary("today"), try summary("old"))
            let renamed = try text(today).replacing("\"(bigint)\"", with: "\"(13)\"")
                .replacing("\"bigint\"", with: "\"13\"")
            #expect(try text(old) == renamed)
            let classes = try #require(old["classes"] as? [[String: Any]])
            let symbols = try #require(classes.first { $0["name"] as? String == "(symbol)" })
            #expect(symbols["count"] as? Int ?? 0 >= 50)
            #expect(classes.contains { $0["name"] as? String == "(13)" && $0["count"] as? Int ?? 0 >= 50 })
        }
    }

    @Test func everyCommandTakesOldV8() throws {
        try withOldV8(.v14) { directory in
            let found = try Heapdump.run(["find", "old", "--class", "(symbol)", "--json"], in: directory)
            found.expect(exit: 0)
            let symbol = try #require(try found.rows("objects").first, "\(found)")
            #expect(symbol["type"] as? String == "symbol" && symbol["class"] as? String == "(symbol)")
            let id = try #require(symbol["id"] as? Int)
            try expectAllCommands(on: "old", object: "@\(id)", className: "(symbol)", in: directory)
            let diff = try Heapdump.run(["diff", "today", "old"], in: directory)
            diff.expect(exit: 0)
            #expect(diff.stdout.contains("(0 B)"), "\(diff)")
            diff.expect(saying: " nodes have a type that the header does not list")
        }
    }

    /// What DevTools opens is valid.
    @Test func devToolsOpensOldV8() throws {
        try Chromium.require()
        try withOldV8(.v18) { directory in
            let script = Package.root + "/Scripts/devtools-load.py"
            let row = [Chromium.python, script, "--class", "(undefined)", directory("old")]
            let run = try Command(row, in: directory.path).run(within: .seconds(240))
            run.expect(exit: 0)
            // That is its name for all that have no type.
            let summary = try Heapdump.run(["summary", "--json", "--all", "old"], in: directory)
            let unlisted = try summary.rows("classes").filter { ["(symbol)", "(13)"].contains($0["name"] as? String) }
            let count = unlisted.reduce(0) { $0 + ($1["count"] as? Int ?? 0) }
            #expect((try run.json()["instances"] as? [String: Int]) == ["(undefined)": count], "\(run)")
        }
    }

    // MARK: Julia

    private func withJulia(_ body: (TemporaryDirectory) throws -> Void) throws {
        try TemporaryDirectory.with { directory in
            try Data(JuliaSnapshot.text.utf8).write(to: URL(fileURLWithPath: directory("julia")))
            try body(directory)
        }
    }

    private static let warning =
        "The root has the id 0, where V8 writes 1: another program wrote this file, such as Julia."

    @Test func juliaIsValidWithAWarning() throws {
        try withJulia { directory in
            let text = try Heapdump.run(["check", "julia"], in: directory)
            text.expect(exit: 0)
            #expect(text.stdout.hasPrefix("julia: valid: "), "\(text)")
            #expect(text.stderr == "julia: warning: \(Self.warning)\n")
            let report = try Heapdump.run(["check", "--json", "julia"], in: directory).json()
            #expect(report["warnings"] as? [String] == [Self.warning])
            #expect(report["total_self_size"] as? Int == JuliaSnapshot.totalSize)
        }
    }

    @Test func juliaHasRightFigures() throws {
        try withJulia { directory in
            let run = try Heapdump.run(["summary", "--json", "--all", "julia"], in: directory)
            run.expect(exit: 0)
            let json = try run.json()
            #expect(json["total_size"] as? Int == JuliaSnapshot.totalSize)
            #expect(json["warnings"] as? [String] == [Self.warning])
            let classes = try run.rows("classes")
            #expect(classes.count == JuliaSnapshot.typeCount + 3)
            for type in 0..<JuliaSnapshot.typeCount {
                let row = try #require(classes.first { $0["name"] as? String == "(Base.Type{\(type)})" })
                #expect(row["count"] as? Int == JuliaSnapshot.objectCount)
                #expect(row["retained_size"] as? Int == JuliaSnapshot.objectCount * 24)
            }
            let module = try #require(classes.first)
            #expect(module["name"] as? String == "(jl_module_t)")
            #expect(module["retained_size"] as? Int == JuliaSnapshot.totalSize)
        }
    }

    @Test func devToolsHasTheSameFiguresOfJulia() throws {
        try Chromium.require()
        try withJulia { directory in
            let script = Package.root + "/Scripts/compare-with-devtools.py"
            var compare = Command([Chromium.python, "-B", script, "--quiet", directory("julia")])
            compare.environment["HEAPDUMP_BINARY"] = Heapdump.binary
            try compare.run(within: .seconds(240)).expect(exit: 0)
        }
    }

    @Test func everyCommandTakesJulia() throws {
        try withJulia { directory in
            try expectAllCommands(
                on: "julia", object: "@\(JuliaSnapshot.moduleID)", className: "(Base.Type{399})", in: directory)
            let root = try Heapdump.run(["show", "julia", "@0", "--json"], in: directory)
            root.expect(exit: 0)
            #expect((try root.json()["object"] as? [String: Any])?["id"] as? Int == 0, "\(root)")
            let diff = try Heapdump.run(["diff", "julia", "julia"], in: directory)
            diff.expect(exit: 0)
            #expect(diff.stdout.contains("No class grew or shrank."), "\(diff)")
        }
    }

    private func expectAllCommands(
        on file: String, object: String, className: String, in directory: TemporaryDirectory
    ) throws {
        for command in [
            ["summary", file], ["show", file, object], ["retainers", file, object], ["retainers", file, className],
            ["retainers", file, className, "--dominators"], ["find", file, "--class", className],
            ["report", file, "-o", "page.html"], ["report", file, "--base", file, "-o", "growth.html"],
        ] {
            let run = try Heapdump.run(command, in: directory)
            run.expect(exit: 0)
            #expect(!run.stdout.isEmpty, "\(run)")
            if command[0] == "find" || command[0] == "retainers" {
                #expect(run.stdout.contains(command[2] == object ? object : className), "\(run)")
            }
        }
    }
}
