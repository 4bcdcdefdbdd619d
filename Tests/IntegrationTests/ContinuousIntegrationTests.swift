import Foundation
import Testing

/// docs/continuous-integration.md, run as it stands there.
struct ContinuousIntegrationTests {
    private static let page = "continuous-integration.md"

    private func write(_ code: String, _ name: String, in directory: TemporaryDirectory) throws {
        try Data(code.utf8).write(to: URL(fileURLWithPath: directory(name)))
    }

    @Test(arguments: Node.supported)
    func failsTheTestOfCodeThatLeaks(node: Node) throws {
        let blocks = try DocumentedCode.blocks(of: Self.page, "js")
        #expect(blocks.count == 2)
        let (sessions, test) = (try #require(blocks.first), try #require(blocks.last))
        let gap = try #require(sessions.firstRange(of: "// sessions.delete(id)"))
        let mended = sessions.replacingCharacters(in: gap, with: "sessions.delete(id); //")
        for (code, leaks) in [(sessions, true), (mended, false)] {
            try TemporaryDirectory.with { directory in
                try write(code, "sessions.js", in: directory)
                try write(test, "leak.test.js", in: directory)
                let run = try Command(
                    [node.path(), "--test"], in: directory.path,
                    environment: ["HEAPDUMP": Heapdump.binary, "TMPDIR": directory.path]
                ).run()
                run.expect(exit: leaks ? 1 : 0)
                let sentence =
                    "--fail-if 'Session>0' matches: the number of Session objects grew by 1,000, from 1,000 to 2,000"
                #expect((run.stdout + run.stderr).replacing("\\", with: "").contains(sentence) == leaks, "\(run)")
                #expect(directory.contents == ["leak.test.js", "sessions.js"])
            }
        }
    }

    @Test func tellsWhatAServerLeaks() throws {
        let script = try #require(try DocumentedCode.blocks(of: Self.page, "sh").last)
        try TemporaryDirectory.with { directory in
            try write(script, "compare.sh", in: directory)
            try write(
                """
                class Session {}
                const sessions = [];
                const serve = () => { sessions.push(new Session()); return 'ok'; };
                require('\(Package.targets)/support/target').serve({ '/': serve, '/quiet': () => 'ok' });
                """, "server.js", in: directory)
            let programs = URL(fileURLWithPath: Heapdump.binary).deletingLastPathComponent().path
            let path = programs + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
            let row = [try Node.v24.path(), "--inspect-port=0", "server.js"]
            try Target.with(Command(row, in: directory.path)) { target in
                for (place, status) in [("/quiet", Int32(0)), ("/", 81)] {
                    let run = try Command(
                        ["sh", "compare.sh", "\(target.pid)", "http://127.0.0.1:\(target.port)\(place)"],
                        in: directory.path, environment: ["PATH": path]
                    ).run()
                    run.expect(exit: status)
                    if status == 81 { run.expect(saying: "grew by 200, from 200 to 400") }
                    for name in ["before", "after"] {
                        try FileManager.default.removeItem(atPath: directory(name + ".heapsnapshot"))
                    }
                }
            }
        }
    }
}
