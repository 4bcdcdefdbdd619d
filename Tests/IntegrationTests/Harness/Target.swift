import Foundation
import Testing

/// A Node process to be dumped: a program of Tests/Targets that has said `ready`.
struct Target {
    let child: Child
    /// What the program said of itself.
    let facts: [String: Any]

    /// Starts one, and ends it with the scope.
    /// - Parameters:
    ///   - options: of Node. The port is the kernel's choice, so that tests can run at the same time.
    ///   - launcher: programs that run before Node and become it.
    static func with<Result>(
        _ program: String, _ node: Node, options: [String] = ["--inspect-port=0"], arguments: [String] = [],
        environment: [String: String] = [:], launcher: [String] = [], user: Command.User = .same,
        _ body: (Target) throws -> Result
    ) throws -> Result {
        let row = try launcher + [node.path()] + options + ["\(Package.targets)/\(program)"] + arguments
        return try with(Command(row, user: user, environment: environment), body)
    }

    /// The same of any command that says `ready`.
    static func with<Result>(_ command: Command, _ body: (Target) throws -> Result) throws -> Result {
        try command.withChild { child in
            try body(Target(child: child, facts: awaitReady(child)))
        }
    }

    /// Starts a server that runs `prelude` first.
    static func withPrelude<Result>(
        _ prelude: String, _ node: Node, environment: [String: String] = [:], _ body: (Target) throws -> Result
    ) throws -> Result {
        try TemporaryDirectory.with { directory in
            let script = directory("prelude.js")
            try Data(prelude.utf8).write(to: URL(fileURLWithPath: script))
            let options = ["--inspect-port=0", "--require", script]
            return try with("idle-server.js", node, options: options, environment: environment, body)
        }
    }

    private static func awaitReady(_ child: Child) throws -> [String: Any] {
        var line: Substring?
        try eventually("ready from \(child.command): \(child.stdout.text) \(child.stderr.text)") {
            line = child.stdout.text.split(separator: "\n").first { $0.hasPrefix("ready {") && $0.hasSuffix("}") }
            if line == nil, let ending = child.poll() {
                throw Failure("\(child.command) ended: \(ending)\n\(child.stderr.text)")
            }
            return line != nil
        }
        let json = Data((line ?? "").dropFirst("ready ".count).utf8)
        guard let facts = try JSONSerialization.jsonObject(with: json) as? [String: Any] else {
            throw Failure("\(child.command) says \(child.stdout.text)")
        }
        return facts
    }

    var pid: pid_t { child.pid }

    /// In clock ticks since boot, as the kernel writes it.
    func startTime() throws -> String {
        let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        return String(try #require(stat.split(separator: ")").last).split(separator: " ")[19])
    }

    var port: Int { facts["port"] as? Int ?? 0 }

    func get(_ path: String = "/") throws -> String { try Http.get(path, port: port) }

    /// Where its inspector listens.
    var inspectors: Set<Listener> { Listener.held(by: pid).filter { $0.port != port } }

    /// Those of it that write its snapshot.
    var copies: [pid_t] { ForkedCopies.pids(of: pid) }

    /// The one that writes it now: it takes its name a moment after it was made.
    func awaitCopy() throws -> pid_t {
        var found: pid_t?
        try eventually("a copy of process \(pid)") {
            found = copies.first
            return found != nil
        }
        return try #require(found)
    }

    /// Whether SIGUSR1 has come: Node says so at once, whether or not it can open the port.
    var wasSignalled: Bool {
        let text = child.stderr.text
        return text.contains("Debugger listening") || text.contains("Starting inspector")
    }

    /// It lives and answers, and `requests` counts what this test has asked, this time included.
    func expectToServe(requests: Int = 1, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let answer = try get()
        #expect(answer == "ok \(requests)", "\(child.stderr.text)", sourceLocation: sourceLocation)
    }

    /// It was left alone by a heapdump that refused.
    func expectUntouched(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try expectToServe(sourceLocation: sourceLocation)
        #expect(!wasSignalled, "\(child.stderr.text)", sourceLocation: sourceLocation)
        #expect(Guardian.pids(watching: pid).isEmpty, sourceLocation: sourceLocation)
        #expect(copies.isEmpty, sourceLocation: sourceLocation)
    }

    /// heapdump finds no method beside ptrace that works on it, says why, and leaves it alone.
    func expectRefusal(
        _ options: [String] = [], saying texts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try TemporaryDirectory.with { directory in
            let run = try Heapdump.run(["\(pid)", "--no-ptrace"] + options, in: directory)
            run.expect(exit: 69, sourceLocation: sourceLocation)
            for text in texts { run.expect(saying: text, sourceLocation: sourceLocation) }
            #expect(directory.contents.isEmpty, sourceLocation: sourceLocation)
        }
        try expectUntouched(sourceLocation: sourceLocation)
    }

    /// What its threads do, as the kernel says: for the message of a test that has waited in vain.
    private var threads: String {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return tasks.map { task in
            let facts = ["comm", "stat", "wchan", "stack"].map { name in
                (try? String(contentsOfFile: "/proc/\(pid)/task/\(task)/\(name)", encoding: .utf8)) ?? "?"
            }
            let state = facts[1].split(separator: ")").last?.prefix(3) ?? "?"
            return "\(facts[0].split(separator: "\n").first ?? "?")\(state) \(facts[2]) \(facts[3])"
        }.joined(separator: "\n")
    }

    /// Nothing of a dump is left: no inspector, no guardian, no copy, and the server answers.
    func expectBackToNormal(requests: Int = 1, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(inspectors.isEmpty, sourceLocation: sourceLocation)
        try Guardian.awaitEnd(watching: pid)
        #expect(copies.isEmpty, sourceLocation: sourceLocation)
        try expectToServe(requests: requests, sourceLocation: sourceLocation)
    }

    /// The same, where V8 has to finish first.
    func awaitBackToNormal(sourceLocation: SourceLocation = #_sourceLocation) throws {
        try eventually(
            "process \(pid) has closed its inspector; it holds \(inspectors); guardians: \(Guardian.pids(watching: pid)); "
                + "\(threads); \(child.stderr.text)"
        ) { inspectors.isEmpty }
        try Guardian.awaitEnd(watching: pid)
        try eventually("the copies of \(pid) have ended") { copies.isEmpty }
        #expect(child.poll() == nil, "\(child.stderr.text)", sourceLocation: sourceLocation)
    }
}
