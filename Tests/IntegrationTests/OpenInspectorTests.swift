import Foundation
import Testing

/// An inspector that was open before is not heapdump's to close.
struct OpenInspectorTests {
    @Test(arguments: Node.one, Way.allCases)
    func leavesOneOpenThatTheCommandLineOpened(node: Node, way: Way) throws {
        try Target.with("idle-server.js", node, options: ["--inspect=127.0.0.1:0"]) { target in
            try expectToBeUsedAndLeft(target, way)
        }
    }

    @Test(arguments: Node.one, Way.allCases)
    func leavesOneOpenThatNodeOptionsOpened(node: Node, way: Way) throws {
        let environment = ["NODE_OPTIONS": "--inspect=127.0.0.1:0"]
        try Target.with("idle-server.js", node, options: [], environment: environment) { target in
            try expectToBeUsedAndLeft(target, way)
        }
    }

    @Test(arguments: Node.one, Way.allCases)
    func leavesOneOpenThatTheProgramOpened(node: Node, way: Way) throws {
        try Target.with("opens-own-inspector.js", node) { target in
            let url = try target.get("/inspector")
            try expectToBeUsedAndLeft(target, way)
            #expect(try target.get("/inspector") == url)
        }
    }

    private func expectToBeUsedAndLeft(_ target: Target, _ way: Way) throws {
        let before = target.inspectors
        #expect(before.count == 1)
        try TemporaryDirectory.with { directory in
            let run = try Heapdump.run(["\(target.pid)", "--json"] + way.options, in: directory)
            run.expect(exit: 0)
            #expect(try run.json()["debug_port_open_milliseconds"] == nil)
        }
        #expect(target.inspectors == before)
        #expect(Guardian.pids(watching: target.pid).isEmpty)
        #expect(target.copies.isEmpty)
        // On SIGUSR1 with its inspector open Node would say nothing, so the count of lines is no proof: the signal that
        // opens nothing new leaves the one line that there was.
        #expect(target.child.stderr.text.components(separatedBy: "Debugger listening").count == 2)
        try target.expectToServe()
    }
}
