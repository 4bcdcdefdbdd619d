import Foundation
import Testing

/// The port is closed whatever an application has done to what JavaScript closes it by; and where it cannot be, heapdump
/// says so.
struct ClosingTests {
    enum Application: String, CaseIterable {
        case frozenProcess = "Object.freeze(process);"
        case noProcess = "setTimeout(() => delete globalThis.process);"
        case throwingBuiltIns = "process.getBuiltinModule = () => { throw new Error('not here'); };"
        case asynchronousRequire = "globalThis.require = (names, done) => { throw new Error('AMD'); };"
        case refusingLoader = """
            const load = require('module')._load;
            require('module')._load = function (name, ...rest) {
              if (/inspector/.test(name)) throw new Error('not allowed');
              return load.call(this, name, ...rest);
            };
            """
    }

    @Test(arguments: Node.each, Application.allCases)
    func thePortIsClosed(node: Node, application: Application) throws {
        try Target.withLateScript(application.rawValue, node) { target in
            for way in Way.allCases {
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(target.pid)", "--json"] + way.options, in: directory)
                    // Whether it can be forked is another matter; the port is closed in any case.
                    #expect([.exited(0), .exited(69)].contains(run.ending), "\(run)")
                    if way == .inspector { run.expect(exit: 0) }
                    #expect(try run.json()["debug_port_left_open"] as? Bool == false, "\(run)")
                }
                #expect(target.inspectors.isEmpty)
            }
            try target.expectBackToNormal()
        }
    }

    private static let nothingCloses = """
        process._debugEnd = () => {};
        process.getBuiltinModule = () => ({ close() {} });
        require('module')._load = () => ({ close() {}, _debugEnd() {} });
        """

    /// The snapshot is kept; the status and the words tell of the port; and the next dump is not held up.
    @Test(arguments: Node.one)
    func aPortThatCannotBeClosedIsTold(node: Node) throws {
        try Target.withLateScript(Self.nothingCloses, node) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-m", "inspector"], in: directory)
                run.expect(exit: 76)
                run.expect(saying: "is still open", "guardian")
                #expect(directory.contents.map { directory($0) } == [run.path])
                try Heapdump.run(["check", run.path]).expect(exit: 0)
                #expect(!target.inspectors.isEmpty)
                let next = try Heapdump.run(["\(target.pid)", "-m", "inspector", "--json"], in: directory)
                next.expect(exit: 0)
                #expect(try next.json()["debug_port_left_open"] == nil, "it was open before")
            }
            try target.expectToServe()
            // What the application has done, it may undo.
            #expect(!Guardian.pids(watching: target.pid).isEmpty)
        }
    }

    /// Node opens it twice in a process that is busy: by an interrupt, and when its event loop turns.
    @Test(arguments: Node.supported, [100, 1000])
    func aPortThatOpensOnceMoreIsClosed(node: Node, milliseconds: Int) throws {
        let busy = "setInterval(() => { const end = Date.now() + \(milliseconds); while (Date.now() < end); }, 5);"
        try Target.withLateScript(busy, node) { target in
            for _ in 1...3 {
                try Heapdump.run(["\(target.pid)", "-m", "fork"]).expect(exit: 0)
                try target.awaitBackToNormal()
            }
        }
    }

    /// The thread that SIGUSR1 wakes asks for the inspector of the event loop, then of JavaScript and of the loop again. On a busy machine
    /// a whole dump fits between.
    @Test(arguments: Node.supported, Way.allCases)
    func aPortThatIsAskedForAfterTheDumpIsClosed(node: Node, way: Way) throws {
        try Requirement.root()
        try TemporaryDirectory.with { directory in
            let holder = directory("holds-thread")
            try CCompiler.makeProgram(holder, of: "holds-thread.c")
            try Target.with("idle-server.js", node) { target in
                // Node makes it last, before any program runs.
                let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(target.pid)/task")
                let thread = try #require(tasks.compactMap { Int($0) }.max())
                try Target.with(Command([holder, "\(thread)"])) { holding in
                    try Heapdump.run(["\(target.pid)"] + way.options, in: directory).expect(exit: 0)
                    #expect(holding.child.stdout.text.contains("holds"), "\(thread) of \(tasks)")
                    #expect(target.inspectors.isEmpty)
                    #expect(Guardian.pids(watching: target.pid).count == 1)
                    holding.child.closeInput()
                    _ = try holding.child.finish()
                }
                try eventually("it opens once more: \(target.child.stderr.text)") {
                    target.child.stderr.text.components(separatedBy: "Debugger listening").count == 3
                }
                try target.awaitBackToNormal()
                try target.expectToServe()
            }
        }
    }

    /// A guardian whose heapdump could not send the signal has nothing to close: least of all what the operator opens later.
    @Test func aSignalThatWasNotSentIsNotGuarded() throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Node.v24.path())
        try Target.with("idle-server.js", .v24, user: .nobody) { target in
            let without = ["setpriv", "--bounding-set=-kill", "--inh-caps=-kill"]
            let run = try Command(without + [Heapdump.binary, "\(target.pid)"]).run()
            #expect(run.ending == .exited(77) || run.ending == .exited(69), "\(run)")
            #expect(Guardian.pids(watching: target.pid).isEmpty)
            target.child.send(SIGUSR1)
            try eventually("the operator's inspector opens") { !target.inspectors.isEmpty }
            let opened = target.inspectors
            #expect(try target.get() == "ok 1")
            #expect(target.inspectors == opened)
        }
    }
}

extension Target {
    /// Starts a server that runs a script once it serves.
    fileprivate static func withLateScript<Result>(
        _ script: String, _ node: Node, _ body: (Target) throws -> Result
    ) throws -> Result {
        try TemporaryDirectory.with { directory in
            let text = """
                const support = require('\(Package.targets)/support/target');
                const ready = support.ready;
                support.ready = (facts) => { eval(script); ready(facts); };
                const script = \(javaScript: script);
                support.serve();
                """
            let file = directory("server.js")
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            return try with(Command([node.path(), "--inspect-port=0", file]), body)
        }
    }
}

extension DefaultStringInterpolation {
    /// As a literal.
    fileprivate mutating func appendInterpolation(javaScript text: String) {
        let json = (try? JSONSerialization.data(withJSONObject: [text])).map { String(decoding: $0, as: UTF8.self) }
        appendLiteral((json ?? "[]") + "[0]")
    }
}
