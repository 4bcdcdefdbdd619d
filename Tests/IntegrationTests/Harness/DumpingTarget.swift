import Foundation

/// A target in a directory of its own, started with Node's --heapsnapshot-signal.
enum DumpingTarget {
    static let options = ["--inspect-port=0", "--heapsnapshot-signal=SIGUSR2"]

    static func with<Result>(
        _ node: Node, _ program: String = "idle-server.js", options: [String] = options, arguments: [String] = [],
        environment: [String: String] = [:], user: Command.User = .same,
        _ body: (Target, TemporaryDirectory) throws -> Result
    ) throws -> Result {
        try TemporaryDirectory.with { directory in
            if user == .nobody { chmod(directory.path, 0o777) }
            return try with(
                node, program, in: directory, options: options, arguments: arguments, environment: environment,
                user: user
            ) { try body($0, directory) }
        }
    }

    static func with<Result>(
        _ node: Node, _ program: String = "idle-server.js", in directory: TemporaryDirectory,
        options: [String] = options, arguments: [String] = [], environment: [String: String] = [:],
        user: Command.User = .same, _ body: (Target) throws -> Result
    ) throws -> Result {
        try Target.with(
            program, node, options: options, arguments: arguments, environment: environment,
            launcher: ["/usr/bin/env", "-C", directory.path], user: user, body)
    }
}

extension TemporaryDirectory {
    var snapshots: [String] { contents.filter { $0.contains(".heapsnapshot") } }

    /// A directory in it.
    func directory(_ name: String) throws -> TemporaryDirectory {
        let path = self(name)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return TemporaryDirectory(path: path)
    }
}
