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
        let grown = "--fail-if 'Session>0' matches: the number of Session objects grew by 1,000, from 1,000 to 2,000"
        let mistyped = try #require(
            try String(contentsOfFile: "\(Package.root)/docs/\(Self.page)", encoding: .utf8)
                .firstMatch(of: /--fail-if 'Sesion>0': warning: .*/)
        ).output.description
        for (code, test, sentence) in [
            (sessions, test, grown), (mended, test, nil),
            (sessions, test.replacing("Session>0", with: "Sesion>0"), mistyped),
        ] as [(String, String, String?)] {
            try TemporaryDirectory.with { directory in
                try write(code, "sessions.js", in: directory)
                try write(test, "leak.test.js", in: directory)
                for _ in 1...2 {
                    let run = try Command(
                        [node.path(), "--test"], in: directory.path,
                        environment: ["HEAPDUMP": Heapdump.binary, "TMPDIR": directory.path]
                    ).run()
                    run.expect(exit: sentence == nil ? 0 : 1)
                    let said = (run.stdout + run.stderr).replacing("\\", with: "")
                    #expect(sentence.map { said.contains($0) } ?? !said.contains("--fail-if"), "\(run)")
                    #expect(directory.contents == ["leak.test.js", "sessions.js"])
                }
            }
        }
    }

    @Test func tellsWhatAServerLeaks() throws {
        let blocks = try DocumentedCode.blocks(of: Self.page, "sh")
        let script = try #require(blocks.first { $0.contains("serve_many") })
        let call = try #require(blocks.last).trimmingCharacters(in: .newlines)
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
                // Each time the snapshots of the last one are there.
                for (place, status) in [("/quiet", Int32(0)), ("/", 81), ("/", 81)] {
                    let line = call.replacing("1234", with: "\(target.pid)")
                        .replacing("http://127.0.0.1:8080/", with: "http://127.0.0.1:\(target.port)\(place)")
                    #expect(line.contains("\(target.pid) http://127.0.0.1:\(target.port)"), "\(line)")
                    let run = try Command(
                        ["sh", "-c", line], in: directory.path, environment: ["PATH": path]
                    ).run()
                    run.expect(exit: status)
                    if status == 81 { run.expect(saying: "matches: the number of Session objects grew by 200, ") }
                    #expect(!run.stderr.contains("warning"), "\(run)")
                }
            }
        }
    }
}
