import Glibc
import Linux
import Testing

@testable import NodeProcess

/// A process of the test's own, ended by its pid on scope exit. Its standard input comes from here: programs that
/// end with their input end even where the test run itself is killed.
final class Child {
    let pid: Int32
    private let input: Descriptor
    private let output: Descriptor
    private var unread: [UInt8] = []
    private var isReaped = false

    private init(_ arguments: [String], environment: [String: String]) throws {
        let input = try Channel()
        let output = try Channel()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.childs.raw, 0)
        posix_spawn_file_actions_adddup2(&actions, output.childs.raw, 1)
        // The threads that tests run on block signals, and children inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var variables = ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"]
        variables.merge(environment) { $1 }
        let argv = arguments.map { strdup($0) } + [nil]
        let envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var pid: pid_t = 0
        let program = try #require(arguments.first)
        let code = posix_spawnp(&pid, program, &actions, &attributes, argv, envp)
        try #require(code == 0, "cannot start \(program): \(String(cString: strerror(code)))")
        self.pid = pid
        self.input = input.ours
        self.output = output.ours
    }

    /// Runs `body` with the process, and ends the process whatever happens.
    static func with<Value>(
        _ arguments: [String], environment: [String: String] = [:], _ body: (Child) throws -> Value
    ) throws -> Value {
        let child = try Child(arguments, environment: environment)
        defer { child.end() }
        return try body(child)
    }

    /// A Node process that has printed a line, which comes along, and lives until its input ends.
    static func withNode<Value>(
        _ options: [String] = [], script: String = "console.log('ready')", node: String? = nil,
        environment: [String: String] = [:], _ body: (Child, _ line: String) throws -> Value
    ) throws -> Value {
        let node = try node ?? #require(TestNode.path)
        let program = "process.stdin.resume(); process.stdin.on('end', () => process.exit());" + script
        return try with([node] + options + ["-e", program], environment: environment) { child in
            try body(child, try child.line())
        }
    }

    /// The next line of its output.
    func line(within limit: Duration = .seconds(20)) throws -> String {
        let deadline = ContinuousClock.now + limit
        while true {
            if let newline = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread.removeSubrange(...newline) }
                return String(decoding: unread[..<newline], as: UTF8.self)
            }
            let left = ContinuousClock.now.duration(to: deadline)
            try #require(left > .zero, "no line from process \(pid)")
            guard Poll.wait(for: output.raw, atMost: left) else { continue }
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = try chunk.withUnsafeMutableBytes { try output.read(into: $0) }
            try #require(count > 0, "process \(pid) ended its output")
            unread += chunk[..<count]
        }
    }

    /// All that it prints until it ends or closes its output.
    func remainingOutput(within limit: Duration = .seconds(60)) throws -> String {
        let deadline = ContinuousClock.now + limit
        while Poll.wait(for: output.raw, atMost: ContinuousClock.now.duration(to: deadline)) {
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = try chunk.withUnsafeMutableBytes { try output.read(into: $0) }
            if count == 0 { break }
            unread += chunk[..<count]
        }
        return String(decoding: unread, as: UTF8.self)
    }

    func write(_ text: String) throws {
        let bytes = Array(text.utf8)
        let count = Glibc.write(input.raw, bytes, bytes.count)
        try #require(count == bytes.count)
    }

    /// Kills it; as long as it is not reaped its pid is nobody else's.
    func kill() {
        if !isReaped { Glibc.kill(pid, SIGKILL) }
    }

    /// Waits for its end and returns its exit code, -1 after a signal.
    @discardableResult
    func reap() -> Int32 {
        guard !isReaped else { return -1 }
        isReaped = true
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1 && errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -1
    }

    private func end() {
        kill()
        reap()
    }

    /// A pair of sockets, which unlike a pipe can be made close-on-exec at once: children of tests that run beside this
    /// one must not keep it open.
    private struct Channel: ~Copyable {
        let ours: Descriptor
        let childs: Descriptor

        init() throws {
            var ends: [Int32] = [0, 0]
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            let code = socketpair(AF_UNIX, kind, 0, &ends)
            try #require(code == 0)
            ours = Descriptor(owning: ends[0])
            childs = Descriptor(owning: ends[1])
        }
    }
}
