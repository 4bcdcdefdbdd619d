import Foundation
import Testing

/// A target that poses as one with an agent: what it names is opened, and signalled, with heapdump's rights.
struct LyingAgentTests {
    /// The prelude's `child` is what it says it has forked.
    private func withLiar(_ child: String, numbers: String, _ body: (Target, Run) throws -> Void) throws {
        let version = try Heapdump.run(["--version"]).stdout.split(separator: " ").last ?? ""
        let prelude = try """
        const child = \(child);
        const forkNow = () => `{ "pid": ${child.pid}, \(numbers), "errno": 0, "busy": "" }`;
        const agent = { version: '\(version.trimmingCharacters(in: .newlines))', protocol: \(Self.protocolNumber()), forkNow };
        process[Symbol.for('heapdump.agents')] = new Map([[agent.version, agent]]);
        process.on('exit', () => child.kill());
        globalThis.liar = child;
        """
        try Target.withPrelude(prelude, .v24) { target in
            let run = try Heapdump.run(["\(target.pid)", "-m", "fork", "--json"])
            run.expect(exit: 69)
            run.expect(saying: "cannot be reached")
            try run.expect(code: "copy-out-of-reach")
            try body(target, run)
            try target.expectBackToNormal()
        }
    }

    @Test func aChildThatRunsAnotherProgramIsLeftAlone() throws {
        let child = "require('child_process').spawn('sleep', ['1000'])"
        try withLiar(child, numbers: #""output": 0, "go": 1, "status": 2"#) { target, _ in
            let name = "/proc/\(target.pid)/task/\(target.pid)/children"
            let children = try String(contentsOfFile: name, encoding: .utf8)
            #expect(children.split(separator: " ").count == 1, "its child is gone")
        }
    }

    /// As the real agent has it.
    private static func protocolNumber() throws -> String {
        let source = try String(contentsOfFile: Package.root + "/Sources/HeapDumpAgent/module.c", encoding: .utf8)
        return String(try #require(source.firstMatch(of: /PROTOCOL = (\d+)/)).1)
    }

    /// What a process says of itself is no figure until it can be one.
    @Test(arguments: ["1e30"])
    func aPauseThatNoneCanBeIsNotTold(microseconds: String) throws {
        let prelude = """
            const lie = (text) => text.replace(/"stallMicroseconds":[^,]*/, '"stallMicroseconds":\(microseconds)');
            process[Symbol.for('heapdump.agents')] = new (class extends Map {
              set(version, agent) {
                const { protocol, heapSizes, forkNow } = agent;
                return super.set(version, { protocol, heapSizes, forkNow: (...options) => lie(forkNow(...options)) });
              }
            })();
            """
        try Target.withPrelude(prelude, .v24) { target in
            // The first dump has the agent itself, the second what was kept of it.
            for isLie in [false, true] {
                let run = try Heapdump.run(["\(target.pid)", "-m", "fork", "-v", "--json"])
                run.expect(exit: 0)
                #expect((try run.json()["pause_milliseconds"] == nil) == isLie, "\(run)")
            }
            try target.expectBackToNormal()
        }
    }

    /// Writing the word to begin into it would do what only its owner may do.
    @Test func aNamedPipeIsNotWrittenTo() throws {
        try TemporaryDirectory.with { directory in
            let path = directory("fifo")
            mkfifo(path, 0o600)
            let descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
            defer { close(descriptor) }
            let child = """
                require('child_process').spawn(process.execPath, ['-e', `
                  const { ppid } = process;
                  setInterval(() => process.ppid !== ppid && process.exit(), 200);
                `], {
                  stdio: ['ignore', 'ignore', 'ignore', require('fs').openSync('\(path)', 'r+')] })
                """
            try withLiar(child, numbers: #""output": 3, "go": 3, "status": 3"#) { _, run in
                #expect(run.stderr.contains("which is no pipe"), "\(run)")
                var byte: UInt8 = 0
                #expect(read(descriptor, &byte, 1) == -1 && errno == EAGAIN)
            }
        }
    }
}
