import Foundation
import Testing

/// A pid namespace of a test's own, where the test says which pid comes next. Its first process is a shell that does
/// what it is told; all its processes end with the scope.
final class PidNamespace {
    private let shell: Child

    private init(shell: Child) { self.shell = shell }

    static func with<Result>(_ body: (PidNamespace) throws -> Result) throws -> Result {
        try Requirement.root()
        let wrapper = Namespaces.pid.launcher
        guard try Command(wrapper + ["true"]).run().ending == .exited(0) else {
            try Test.cancel("no pid namespace can be made here")
        }
        return try Command(wrapper + ["sh", "-s"]).withChild { shell in
            let namespace = PidNamespace(shell: shell)
            if try namespace.ask("test -w /proc/sys/kernel/ns_last_pid && echo yes || echo no") != "yes" {
                try Test.cancel("the next pid cannot be chosen here")
            }
            return try body(namespace)
        }
    }

    /// Runs commands in the shell, and returns the last line that they print.
    @discardableResult
    func ask(_ commands: String) throws -> String {
        let mark = "--\(UUID().uuidString)--"
        let before = shell.stdout.text.count
        try shell.write("\(commands)\necho \(mark)\n")
        try eventually("the end of \(commands): \(shell.stdout.text) \(shell.stderr.text)") {
            if let ending = shell.poll() { throw Failure("the shell ended: \(ending) \(shell.stderr.text)") }
            return shell.stdout.text.contains("\(mark)\n")
        }
        let lines = shell.stdout.text.dropFirst(before).split(separator: "\n")
        return lines.last { $0 != mark }.map(String.init) ?? ""
    }

    /// Starts a program in the background.
    /// - Parameters:
    ///   - output: the files that take what it prints: this name with `.out` and `.err`.
    ///   - pid: the pid that it gets.
    func start(_ command: String, output: String, pid: pid_t? = nil) throws -> pid_t {
        // A pid may be passed over while another process is still to be seen under it.
        for _ in 0..<20 {
            // Only the shell starts anything here, so that nobody else takes the pid.
            let choice = pid.map { "echo \($0 - 1) > /proc/sys/kernel/ns_last_pid; " } ?? ""
            let started = try ask("\(choice)\(command) >\(output).out 2>\(output).err </dev/null & echo $!")
            guard let number = pid_t(started) else { throw Failure("\(command): \(started)") }
            if pid == nil || number == pid { return number }
            try end(number)
        }
        throw Failure("pid \(pid ?? 0) is not given out again")
    }

    func send(_ signal: String, to pid: pid_t) throws { try ask("kill -\(signal) \(pid)") }

    /// Stops one, which has stopped when this returns.
    func stop(_ pid: pid_t) throws {
        try send("STOP", to: pid)
        try eventually("process \(pid) stopped") { try stat(of: pid).first == "T" }
    }

    /// Kills one and waits for it: its pid is free then.
    func end(_ pid: pid_t) throws { try ask("kill -KILL \(pid); wait \(pid)") }

    /// The exit status of one that ends by itself.
    func wait(for pid: pid_t) throws -> Int32? { Int32(try ask("wait \(pid); echo $?")) }

    /// Clock ticks after boot.
    func startTime(of pid: pid_t) throws -> String { try stat(of: pid)[19] }

    /// The fields of /proc/PID/stat from the state on.
    private func stat(of pid: pid_t) throws -> [String] {
        let line = try ask("read -r line < /proc/\(pid)/stat; echo \"$line\"")
        let fields = line[(line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ").dropFirst()
        guard fields.count > 20 else { throw Failure("stat of \(pid): \(line)") }
        return fields.map(String.init)
    }
}
