import Foundation
import Testing

/// The program under test.
enum Heapdump {
    static let binary: String = {
        if let path = ProcessInfo.processInfo.environment["HEAPDUMP_BINARY"] { return path }
        // Beside the test bundle, wherever the build was told to go.
        let products = CommandLine.arguments.lazy
            .compactMap { argument in argument.range(of: "/heapdumpPackageTests").map { argument[..<$0.lowerBound] } }
            .first
        return (products.map(String.init) ?? Package.root + "/.build/debug") + "/heapdump"
    }()

    static func command(_ arguments: [String], in directory: String, user: Command.User = .same) -> Command {
        Command([binary] + arguments, in: directory, user: user)
    }

    static func run(
        _ arguments: [String], in directory: TemporaryDirectory, user: Command.User = .same,
        within deadline: Duration = generousDeadline
    ) throws -> Run {
        try command(arguments, in: directory.path, user: user).run(within: deadline)
    }

    /// Runs it in a directory that goes away afterwards.
    static func run(_ arguments: [String]) throws -> Run {
        try TemporaryDirectory.with { try run(arguments, in: $0) }
    }
}

extension Run {
    func expect(exit code: Int32, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(ending == .exited(code), "\(self)", sourceLocation: sourceLocation)
    }

    /// All of `texts`, in what it said on standard error.
    func expect(saying texts: String..., sourceLocation: SourceLocation = #_sourceLocation) {
        for text in texts {
            #expect(stderr.contains(text), "\(self)", sourceLocation: sourceLocation)
        }
    }

    /// The path that it printed.
    /// Of the JSON that was printed.
    func expect(code: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(try json()["reason_code"] as? String == code, "\(self)", sourceLocation: sourceLocation)
    }

    var path: String { stdout.trimmingCharacters(in: .newlines) }

    /// The one line that it printed, as JSON.
    func json() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: output) as? [String: Any], "\(self)")
    }
}
