import Foundation
import Testing

/// Builds of Node that other tests do not run on.
struct RuntimeTests {
    @Test(arguments: [Node.v16, .v25], Way.allCases)
    func dumpsOlderAndOddVersions(node: Node, way: Way) throws {
        try expectDumps(Command([try node.path(), "--inspect-port=0", Self.program]), way)
    }

    @Test(arguments: [Node.v16, .v25])
    func dumpsThemBySignal(node: Node) throws {
        try DumpingTarget.with(node) { target, _ in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-m", "signal"], in: directory)
                run.expect(exit: 0)
                try Heapdump.run(["check", run.path]).expect(exit: 0)
            }
            try target.expectToServe()
        }
    }

    @Test func dumpsNode14() throws {
        try expectDumps(Command([try Node.v14.path(), "--inspect-port=0", Self.program]), .inspector)
        try Target.with("idle-server.js", .v14) { target in
            try target.expectRefusal(["-m", "fork"], saying: "a forked copy of Node 14 cannot take a snapshot")
        }
        try DumpingTarget.with(.v14) { target, _ in
            try TemporaryDirectory.with { try Heapdump.run(["\(target.pid)", "-m", "signal"], in: $0).expect(exit: 0) }
            try target.expectToServe()
        }
    }

    /// Its program has no other name than its file's; all arguments are the program's own.
    @Test(arguments: Way.allCases)
    func namesASingleExecutableByItsFile(way: Way) throws {
        try TemporaryDirectory.with { directory in
            // It can load Node's own modules alone.
            let program = """
                let counter = 0;
                const server = require('http').createServer((request, response) => response.end(`ok ${++counter}\\n`));
                server.listen(0, '127.0.0.1', () => {
                  console.log(`ready ${JSON.stringify({ pid: process.pid, port: server.address().port })}`);
                });
                process.stdin.on('end', () => process.exit()).resume();
                """
            try Data(program.utf8).write(to: URL(fileURLWithPath: directory("main.js")))
            let name = uniqueName()
            let configuration = #"{"main":"main.js","output":"\#(name)","disableExperimentalSEAWarning":true}"#
            try Data(configuration.utf8).write(to: URL(fileURLWithPath: directory("configuration.json")))
            let built = try Command([try Node.v26.path(), "--build-sea", "configuration.json"], in: directory.path)
                .run()
            #expect(built.ending == .exited(0), "\(built)")
            let environment = ["NODE_OPTIONS": "--inspect-port=0"]
            let command = Command([directory(name), "--disable-sigusr1", "other.js"], environment: environment)
            try Target.with(command) { target in
                #expect(try Listing()[target.pid]?["script"] as? String == directory(name))
                let run = try Heapdump.run(
                    ["-n", name, "-o", "%n.heapsnapshot", "--json"] + way.options, in: directory)
                run.expect(exit: 0)
                let report = try run.json()
                #expect((report["target"] as? [String: Any])?["script"] as? String == directory(name))
                #expect(report["file"] as? String == directory(name + ".heapsnapshot"))
                try target.expectBackToNormal()
            }
        }
    }

    /// Its Node is a library, and keeps its heap from forks though it is an 18.
    @Test(arguments: Way.allCases)
    func dumpsDebiansNode(way: Way) throws {
        let root = try Root.named("debian-12")
        try expectDumps(Command(root.launcher() + ["/usr/bin/node", "--inspect-port=0", Self.program]), way) { target in
            let row = try #require(try Listing()[target.pid])
            #expect((row["node_version"] as? String)?.hasPrefix("v18.") == true, "\(row)")
        }
    }

    /// glibc 2.31 lacks fstat, and others that newer ones have.
    @Test(arguments: [Node.v16, .v18, .v20, .v22, .v24, .v26], Way.allCases)
    func dumpsOnAnOldLibrary(node: Node, way: Way) throws {
        let root = try Root.named("debian-11")
        let row = root.launcher(with: [try node.path()]) + [try node.path(), "--inspect-port=0", Self.program]
        try expectDumps(Command(row), way)
    }

    private static let program = "\(Package.targets)/idle-server.js"

    /// The second time the agent is there already. No second copy either: the first one succeeds.
    private func expectDumps(_ command: Command, _ way: Way, _ look: (Target) throws -> Void = { _ in }) throws {
        try Target.with(command) { target in
            try look(target)
            for _ in 1...2 {
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(target.pid)", "--json"] + way.options, in: directory)
                    run.expect(exit: 0)
                    let report = try run.json()
                    #expect(report["method"] as? String == way.rawValue)
                    if way == .fork { #expect(report["forks"] as? Int == 1, "\(report)") }
                    let file = try #require(report["file"] as? String)
                    try Heapdump.run(["check", file]).expect(exit: 0)
                }
            }
            try target.expectBackToNormal()
        }
    }
}
