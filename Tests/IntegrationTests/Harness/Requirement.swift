import Foundation
import Testing

/// What a test needs of the machine. `make test` asks for strictness, so that nothing goes untested unnoticed.
enum Requirement: String {
    case nodes = "HEAPDUMP_REQUIRE_NODES"
    case chromium = "HEAPDUMP_REQUIRE_CHROMIUM"

    var isStrict: Bool { ProcessInfo.processInfo.environment[rawValue] == "1" }

    /// Leaves the test out for users who cannot make mounts, namespaces or processes of other users.
    static func root() throws {
        if geteuid() != 0 { try Test.cancel("only root can set this up") }
    }

    /// Leaves the test out where nobody but the owner can run what was built.
    static func isReadableByAll(_ path: String) throws {
        let command = Command(["test", "-x", path], user: .nobody)
        if try command.run().ending != .exited(0) { try Test.cancel("another user may not run \(path)") }
    }
}
