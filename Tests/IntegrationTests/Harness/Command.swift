import Foundation

/// A program to run: all that can be said before it starts.
struct Command: CustomStringConvertible {
    enum User {
        case same
        /// Owns nothing, and may look into no process of another user.
        case nobody

        /// Becomes the program that follows it, as this user.
        var launcher: [String] {
            switch self {
            case .same: []
            case .nobody: ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            }
        }
    }

    /// The program, found on PATH where it has no slash, and its arguments.
    var arguments: [String]
    var directory = "/"
    var user = User.same
    /// Added to PATH, HOME and TMPDIR, which are all that is taken over from the tests.
    var environment: [String: String] = [:]
    /// Descriptors of the caller; a `Capture` each where nil.
    var standardOutput: Int32?
    var standardError: Int32?

    init(
        _ arguments: [String], in directory: String = "/", user: User = .same, environment: [String: String] = [:]
    ) {
        self.arguments = arguments
        self.directory = directory
        self.user = user
        self.environment = environment
    }

    var description: String { arguments.joined(separator: " ") }

    /// Each program of the row becomes the next, so that the pid is the last one's.
    var row: [String] {
        ["/usr/bin/env", "-C", directory] + user.launcher + arguments
    }

    var fullEnvironment: [String] {
        let own = ProcessInfo.processInfo.environment.filter { ["PATH", "HOME", "TMPDIR"].contains($0.key) }
        return own.merging(environment) { $1 }.map { "\($0.key)=\($0.value)" }
    }

    /// Starts it, and ends it with the scope.
    func withChild<Result>(_ body: (Child) throws -> Result) throws -> Result {
        let child = try Child(self)
        defer { child.end() }
        return try body(child)
    }

    /// Runs it to its end.
    func run(within deadline: Duration = generousDeadline) throws -> Run {
        try withChild { child in
            child.closeInput()
            return try child.finish(within: deadline)
        }
    }
}

/// A process that has ended.
struct Run: CustomStringConvertible {
    let command: Command
    let pid: pid_t
    let ending: Ending
    let output: Data
    let stderr: String
    let duration: Duration

    var stdout: String { String(decoding: output, as: UTF8.self) }

    var description: String {
        """
        command: \(command)
        ending: \(ending) after \(duration)
        stdout: \(stdout.prefix(2000))
        stderr: \(stderr.prefix(4000))
        """
    }
}

enum Ending: Equatable {
    case exited(Int32)
    case signalled(Int32)
}
