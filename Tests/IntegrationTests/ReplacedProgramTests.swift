import Foundation
import Testing

/// exec in mid-dump: the pid stays, the program does not. Node can do it from 22.15 on.
struct ReplacedProgramTests {
    @Test(arguments: Node.supported(from: .v22))
    func noticesItWhileItWaitsForTheSignalsEffect(node: Node) throws {
        try Target.with("becomes-another-program.js", node, arguments: ["on-signal"]) { target in
            try expectLostProgram(target, ["--signal", "SIGUSR2"])
        }
    }

    @Test(arguments: Node.supported(from: .v22), Way.allCases)
    func noticesItWhenTheInspectorIsGone(node: Node, way: Way) throws {
        try Target.with("becomes-another-program.js", node, arguments: ["on-inspector"]) { target in
            try expectLostProgram(target, way.options)
        }
    }

    private func expectLostProgram(_ target: Target, _ options: [String]) throws {
        try TemporaryDirectory.with { directory in
            let run = try Heapdump.run(["\(target.pid)"] + options, in: directory)
            run.expect(exit: 68)
            run.expect(saying: "another program")
            #expect(directory.contents.isEmpty)
        }
        try eventually("no guardian is left") { Guardian.pids(watching: target.pid).isEmpty }
        // The program that it became is none of ours, and lives.
        let name = try String(contentsOfFile: "/proc/\(target.pid)/comm", encoding: .utf8)
        #expect(name == "sleep\n")
        #expect(target.child.poll() == nil)
    }
}
