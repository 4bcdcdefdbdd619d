import CLinux
import Foundation

/// A child process of the tests. `Command.withChild` ends it, whatever happens.
final class Child {
    let pid: pid_t
    let command: Command
    let stdout: Capture
    let stderr: Capture
    private let start = ContinuousClock.now
    /// Our end of the pipe that is its standard input; -1 once closed.
    private var input: Int32
    private var ending: Ending?

    /// Between making a descriptor and marking it close-on-exec no other child may start: it would inherit the pipe, and
    /// the first child would never see its end.
    private static let lock = NSLock()

    init(_ command: Command) throws {
        self.command = command
        stdout = try Capture()
        stderr = try Capture()
        (pid, input) = try Self.lock.withLock { [stdout, stderr] in
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { throw Failure(errno: "pipe") }
            defer { close(ends[0]) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            // A child that has ended reads nothing: an error of write(2), not the end of the tests.
            signal(SIGPIPE, SIG_IGN)
            do {
                let pid = try Self.spawn(
                    command, ends[0], command.standardOutput ?? stdout.descriptor,
                    command.standardError ?? stderr.descriptor)
                return (pid, ends[1])
            } catch {
                close(ends[1])
                throw error
            }
        }
    }

    /// Makes descriptors that no child inherits but the one they are given to.
    static func makingDescriptors<Result>(_ body: () throws -> Result) rethrows -> Result {
        try lock.withLock(body)
    }

    private static func spawn(_ command: Command, _ stdin: Int32, _ stdout: Int32, _ stderr: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in [stdin, stdout, stderr].enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        // What the test runner was started with, and what libraries open: the limits that tests set count those too.
        clinux_spawn_add_closefrom(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // As a shell starts programs, whatever the test runner has blocked or ignored.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var arguments = command.row.map { strdup($0) } + [nil]
        var environment = command.fullEnvironment.map { strdup($0) } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        var pid: pid_t = 0
        let result = posix_spawn(&pid, command.row[0], &actions, &attributes, &arguments, &environment)
        guard result == 0 else { throw Failure("posix_spawn \(command): \(String(cString: strerror(result)))") }
        return pid
    }

    /// Of the one process that it has started, which is a target and has said `ready`.
    func pidOfReadyChild() throws -> pid_t {
        var found: pid_t?
        try eventually("a child of \(command) that is ready: \(stderr.text)") {
            let children = try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
            found = children?.split(separator: " ").first.flatMap { pid_t($0) }
            return found != nil && stdout.text.contains("ready {")
        }
        guard let found else { throw Failure("\(command) has no child") }
        return found
    }

    func send(_ signal: Int32) {
        // A reaped child's pid may be another process's by now.
        if poll() == nil { kill(pid, signal) }
    }

    func write(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard Glibc.write(input, bytes, bytes.count) == bytes.count else { throw Failure(errno: "write to \(command)") }
    }

    /// Bytes that it has written so far, wherever.
    func bytesWritten() throws -> Int {
        let io = try String(contentsOfFile: "/proc/\(pid)/io", encoding: .utf8)
        let line = io.split(separator: "\n").first { $0.hasPrefix("wchar: ") }
        return line.flatMap { Int($0.dropFirst("wchar: ".count)) } ?? 0
    }

    func closeInput() {
        guard input >= 0 else { return }
        close(input)
        input = -1
    }

    /// How it ended; nil while it runs.
    func poll() -> Ending? {
        if ending != nil { return ending }
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        ending = Self.ending(status)
        return ending
    }

    /// Waits for its end.
    func finish(within deadline: Duration = generousDeadline) throws -> Run {
        var ending: Ending?
        let output = { [stdout, stderr] in "\(stdout.text.suffix(2000))\n\(stderr.text.suffix(4000))" }
        try eventually("the end of \(command)\n\(output())", within: deadline) {
            ending = poll()
            return ending != nil
        }
        guard let ending else { throw Failure("\(command) has not ended") }
        let duration = start.duration(to: .now)
        return Run(
            command: command, pid: pid, ending: ending, output: stdout.data, stderr: stderr.text, duration: duration)
    }

    func end() {
        closeInput()
        guard poll() == nil else { return }
        kill(pid, SIGKILL)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        ending = Self.ending(status)
    }

    private static func ending(_ status: Int32) -> Ending {
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }
}
