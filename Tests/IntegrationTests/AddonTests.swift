import Foundation
import Testing

/// `require('heapdump').writeSnapshot` from an application.
struct AddonTests {
    /// The first that Node-API's functions are all in, too.
    private static let nodes = [Node.v16] + Node.each

    @Test(arguments: nodes)
    func writesOneAfterAnother(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let names = ["a.heapsnapshot", directory("b.heapsnapshot"), "c.heapsnapshot"]
            let told = try Addon.run("writes-snapshots.js", node, ["123"] + names, in: directory)
            told.expectCleanEnd(callbacks: 3)
            #expect(told.returned == [true, true, true])
            #expect(told.errors == [nil, nil, nil], "\(told.run)")
            #expect(told.files == names)
            #expect(directory.contents == ["a.heapsnapshot", "b.heapsnapshot", "c.heapsnapshot"])
            for name in directory.contents { try Addon.expect(directory(name), holds: 123) }
        }
    }

    @Test(arguments: Node.supported)
    func namesByTheClockInTheWorkingDirectory(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let before = Date().timeIntervalSince1970
            let told = try Addon.run("writes-snapshots.js", node, ["12", "-", "-"], in: directory)
            told.expectCleanEnd(callbacks: 2)
            #expect(told.files.compactMap(\.self).sorted() == directory.contents, "\(told.run)")
            for name in directory.contents {
                let match = try #require(name.wholeMatch(of: /heapdump-([0-9]+\.[0-9]{6})\.heapsnapshot/), "\(name)")
                let time = try #require(Double(match.1))
                #expect(time > before - 1 && time < Date().timeIntervalSince1970 + 1)
                try Addon.expect(directory(name), holds: 12)
            }
            #expect(directory.contents.count == 2)
        }
    }

    @Test(arguments: Node.supported)
    func isImportedByName(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let files = FileManager.default
            _ = try directory.directory("node_modules")
            try files.createSymbolicLink(
                atPath: directory("node_modules/heapdump"), withDestinationPath: Addon.path())
            try files.copyItem(
                atPath: "\(Package.targets)/with-addon/imports-addon.mjs", toPath: directory("program.mjs"))
            let row = try [node.path(), "program.mjs", "a.heapsnapshot", "b.heapsnapshot"]
            let told = try Told(Command(row, in: directory.path).run())
            told.run.expect(exit: 0)
            #expect(told.files == ["a.heapsnapshot", "b.heapsnapshot"], "\(told.run)")
            for file in told.files.compactMap(\.self) {
                try Heapdump.run(["check", file], in: directory).expect(exit: 0)
            }
        }
    }

    @Test(arguments: Node.supported)
    func dumpsAWorkersOwnHeap(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let told = try Addon.run("worker-writes-snapshot.js", node, ["77", "w.heapsnapshot"], in: directory)
            told.expectCleanEnd(callbacks: 1)
            #expect(told.errors == [nil], "\(told.run)")
            try Addon.expect(directory("w.heapsnapshot"), holds: 77, of: "WorkerMarker")
            try Addon.expect(directory("w.heapsnapshot"), holds: 0)
        }
    }

    @Test(arguments: Node.supported)
    func leavesTheApplicationItsOwnChildren(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let told = try Addon.run("starts-children.js", node, ["31", "a.heapsnapshot"], in: directory)
            told.expectCleanEnd(callbacks: 1)
            let started: [Int] = told.values("started")
            #expect(started.allSatisfy { $0 >= 4 } && started.count == 1)
            let wrong: [[String]] = told.values("wrong")
            #expect(wrong == [[]], "\(told.run)")
            try Addon.expect(directory("a.heapsnapshot"), holds: 31)
        }
    }

    @Test(arguments: Node.supported)
    func callsBackAsTheCaller(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let told = try Addon.run("callback-context.js", node, ["a.heapsnapshot"], in: directory)
            told.run.expect(exit: 0)
            #expect(told.values("context") == ["first", "second"], "\(told.run)")
            #expect(told.values("uncaught") == ["of first", "of second"], "\(told.run)")
        }
    }

    @Test(arguments: Node.supported)
    func throwsForWrongTypes(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let told = try Addon.run("calls-wrongly.js", node, [], in: directory)
            told.run.expect(exit: 0)
            #expect(told.errors == [String?](repeating: "TypeError", count: 7), "\(told.run)")
            #expect(directory.contents.isEmpty)
        }
    }

    @Test func hasTheVersionOfHeapdump() throws {
        let text = try Data(contentsOf: URL(fileURLWithPath: Addon.path() + "/package.json"))
        let package = try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
        let version = try Heapdump.run(["--version"]).stdout
        #expect(version == "heapdump \(package["version"] ?? "")\n")
    }

    /// Node itself can tell: it runs TypeScript.
    @Test func hasTypesThatParse() throws {
        try TemporaryDirectory.with { directory in
            let program = """
                const { stripTypeScriptTypes } = require('module');
                const text = require('fs').readFileSync(process.argv[1] + '/index.d.ts', 'utf8');
                console.log(stripTypeScriptTypes(text).trim());
                """
            let row = try [Node.v24.path(), "--no-warnings", "-e", program, Addon.path()]
            let run = try Command(row, in: directory.path).run()
            run.expect(exit: 0)
            // Types alone.
            let code = run.stdout.split(separator: "\n").filter { !$0.hasPrefix("/**") && !$0.hasPrefix(" *") }
            #expect(code.allSatisfy { $0.allSatisfy(\.isWhitespace) }, "\(run)")
        }
    }
}
