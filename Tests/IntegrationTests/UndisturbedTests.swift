import Foundation
import Testing

/// A dump runs between any two steps of the program's own functions, and none of its results may be another for that.
struct UndisturbedTests {
    private static let places = Node.supported.flatMap { node in Way.allCases.map { Dumping(node: node, way: $0) } }

    /// Node fills one array with the results of all `fs.stat`, and reads it a moment later. The first dump of a process, which
    /// brings the agent, has most occasion to disturb that: hence several processes.
    @Test(arguments: places)
    func resultsOfTheProgramsOwnCallsStayRight(dumping: Dumping) throws {
        for _ in 0..<5 {
            // It makes a directory, and is killed at the end.
            try TemporaryDirectory.with { scratch in
                try Target.with(
                    "checks-file-results.js", dumping.node, environment: ["TMPDIR": scratch.path]
                ) { target in
                    let before = Holdings(of: target.pid)
                    for _ in 0..<2 { try Heapdump.run(["\(target.pid)"] + dumping.way.options).expect(exit: 0) }
                    #expect(try target.get("/wrong") == "[]")
                    // Files that the program reads at this moment come and go.
                    try eventually("process \(target.pid) has the threads that it had") {
                        let after = Holdings(of: target.pid)
                        return after.copies == before.copies && after.threads == before.threads
                    }
                    try target.expectBackToNormal()
                }
            }
        }
    }

    /// Whatever an application has made of what heapdump's script could use.
    static let obstacles = [
        "frozen process": "Object.freeze(process);",
        "frozen process and global object":
            "Object.freeze(process.dlopen); Object.freeze(process); Object.freeze(globalThis);",
        "no process": "delete globalThis.process;",
        "another process": "globalThis.process = { env: {} };",
        "throwing getBuiltinModule": "process.getBuiltinModule = () => { throw new Error('no'); };",
        "another require": "globalThis.require = () => { throw new Error('AMD'); };",
        "refusing loader": """
        const load = require('module')._load;
        require('module')._load = function (name) {
          if (/v8|inspector|^fs$/.test(name)) throw new Error('refused: ' + name);
          return load.apply(this, arguments);
        };
        """,
        "another JSON": "JSON.stringify = () => 'nothing'; JSON.parse = () => { throw new Error('no'); };",
        "toJSON": "Object.defineProperty(Object.prototype, 'toJSON', { value: () => 7 });",
        "polluted prototype":
            "Object.assign(Object.prototype, { waits: true, file: 1, attempts: 0, niceness: 'x', get: 1, value: 2 });",
        "wrapped dlopen":
            "const { dlopen } = process; process.dlopen = function (...values) { return dlopen.apply(this, values); };",
        "another writeHeapSnapshot": "require('v8').writeHeapSnapshot = () => { throw new Error('mine'); };",
    ]

    /// Its inspector is open from the start: what is tested here is the agent, not how the port is closed.
    @Test(arguments: Node.supported, obstacles.keys.sorted())
    func dumpsWhateverTheProgramHasReplaced(node: Node, obstacle: String) throws {
        try TemporaryDirectory.with { directory in
            let script = directory("obstacle.js")
            try Data((Self.obstacles[obstacle] ?? "").utf8).write(to: URL(fileURLWithPath: script))
            let program = "\(Package.targets)/serves-then-runs.js"
            let options = [try node.path(), "--inspect=0", program, script]
            try Target.with(Command(options)) { target in
                var before: Holdings?
                for _ in 0..<2 {
                    let run = try Heapdump.run(
                        ["\(target.pid)", "-m", "fork", "-o", "x.heapsnapshot", "--overwrite"], in: directory)
                    run.expect(exit: 0)
                    #expect(try SnapshotText(directory("x.heapsnapshot")).ids(ofClass: "LeakedSession").count == 99)
                    let agents = try Agents.mapped(into: target.pid)
                    #expect(agents.count == 1, "\(agents)")
                    try eventually("process \(target.pid) holds what it held: \(String(describing: before))") {
                        let now = Holdings(of: target.pid)
                        defer { before = before ?? now }
                        return before == nil || before == now
                    }
                }
                #expect(target.child.poll() == nil, "\(target.child.stderr.text)")
                try target.expectToServe()
            }
        }
    }

    /// No module is loaded, no hook, wrapper or formatter of the program's is called.
    @Test(arguments: places)
    func nothingOfTheProgramsOrOfNodesLibraryIsCalled(dumping: Dumping) throws {
        let options = ["--inspect=0"]
        try Target.with("counts-what-runs.js", dumping.node, options: options) { target in
            let before = try report(of: target, number: 1)
            for _ in 0..<2 { try Heapdump.run(["\(target.pid)"] + dumping.way.options).expect(exit: 0) }
            let after = try report(of: target, number: 2)
            #expect(after.seen == "seen {}")
            #expect(after.loaded == before.loaded)
            try target.expectToServe()
        }
    }

    /// What the program has seen since the last report. It begins to look anew.
    private func report(of target: Target, number: Int) throws -> (seen: String, loaded: String) {
        kill(target.pid, SIGUSR2)
        var lines: [Substring] = []
        try eventually("report \(number): \(target.child.stdout.text)") {
            lines = target.child.stdout.text.split(separator: "\n")
            return lines.count { $0 == "looking" } == number
        }
        let line = try #require(lines.last { $0.hasPrefix("seen {") })
        let split = try #require(line.range(of: " loaded "))
        return (String(line[..<split.lowerBound]), String(line[split.lowerBound...]))
    }

    /// No exception of ours is the program's, and nothing that waits for the end of a function runs before it.
    @Test(arguments: Node.supported)
    func noFunctionIsDisturbedInTheMiddle(node: Node) throws {
        try Target.with("deep-stack.js", node, options: ["--inspect=0"]) { target in
            for _ in 0..<2 { try Heapdump.run(["\(target.pid)", "-m", "fork"]).expect(exit: 0) }
            #expect(!target.child.stdout.text.contains("wrong"), "the dumps came too late to tell")
            try eventually("what went wrong: \(target.child.stdout.text)") {
                target.child.stdout.text.contains("wrong")
            }
            #expect(target.child.stdout.text.contains("wrong []\n"), "\(target.child.stdout.text)")
        }
    }

    /// Nobody takes what is left for the event loop, so nothing may be.
    @Test(arguments: Node.supported, [["spins"], ["waits"], ["spins", "2"], ["waits", "2"]])
    func leavesNothingInAProcessWhoseEventLoopNeverTurns(node: Node, arguments: [String]) throws {
        try Target.with("never-turns.js", node, options: ["--inspect=0"], arguments: arguments) { target in
            var before: Everything?
            for number in 1...4 {
                try Heapdump.run(["\(target.pid)", "-m", "fork"]).expect(exit: 0)
                var now = Everything(of: target.pid)
                // The agent's thread ends a moment after it has told so.
                try eventually(
                    "process \(target.pid) is as before dump \(number): \(String(describing: before)), \(now)"
                ) {
                    now = Everything(of: target.pid)
                    return before == nil || now == before
                }
                // The first dump brings the agent, and glibc's cache of stacks.
                before = number < 2 ? nil : now
            }
            #expect(target.child.poll() == nil)
        }
    }

    private struct Everything: Equatable {
        let holdings: Holdings
        let files: Set<String>
        let shared: Int

        init(of pid: pid_t) {
            holdings = Holdings(of: pid)
            let lines = Agents.map(of: pid)
            files = Set(lines.compactMap { line in line.range(of: " /").map { String(line[$0.lowerBound...]) } })
            shared = lines.count { $0.contains(" rw-s ") }
        }
    }
}
