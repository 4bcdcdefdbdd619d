import Foundation
import Testing

/// A Node release under .build/node, where Scripts/node-versions.sh puts them.
enum Node: Int, CaseIterable, CustomStringConvertible {
    case v14 = 14
    case v16 = 16
    case v18 = 18
    case v20 = 20
    case v22 = 22
    case v24 = 24
    case v25 = 25
    case v26 = 26

    /// The oldest and the newest that heapdump dumps: for tests that all versions pass or fail alike. `make test-all-nodes`
    /// runs them on the versions between, too.
    static let supported = supported(from: .v18)

    /// The newest alone: for what heapdump does itself, which fakes prove and one real process confirms.
    static let one = asked ?? [.v26]

    /// All that heapdump dumps: for tests of what differs from version to version.
    static let each = asked ?? [.v18, .v20, .v22, .v24, .v26]

    /// The same as `supported`, for what Node has from a version on.
    static func supported(from oldest: Node) -> [Node] {
        if let asked { return asked.filter { $0.rawValue >= oldest.rawValue } }
        return [oldest, .v26]
    }

    /// Those that HEAPDUMP_NODES names, such as `18,22`, or `all`; nil if it is not set.
    private static let asked: [Node]? = {
        guard let text = ProcessInfo.processInfo.environment["HEAPDUMP_NODES"], !text.isEmpty else { return nil }
        if text == "all" { return [.v18, .v20, .v22, .v24, .v26] }
        return text.split { $0 == "," || $0 == " " }.map { name in
            guard let node = Int(name).flatMap({ Node(rawValue: $0) }) else {
                preconditionFailure("HEAPDUMP_NODES names no version of the tests: \(name)")
            }
            return node
        }
    }()

    var description: String { "Node \(rawValue)" }

    /// Fails the test where all releases must be there, and else leaves it out.
    func path() throws -> String { try Self.path("\(rawValue)") }

    /// Those that were built for musl, and run where musl's loader is installed.
    static let forMusl = ["22-musl", "26-musl"]

    static func path(_ release: String) throws -> String { try path(of: "node", release) }

    /// Of Deno or Bun.
    static func path(of runtime: String) throws -> String { try path(of: runtime, runtime) }

    private static func path(of program: String, _ release: String) throws -> String {
        let path = "\(Package.root)/.build/node/\(release)/bin/\(program)"
        if FileManager.default.isExecutableFile(atPath: path) { return path }
        let reason = "\(program) \(release) is not at .build/node: run Scripts/node-versions.sh"
        if Requirement.nodes.isStrict { throw Failure(reason) }
        try Test.cancel("\(reason)")
    }
}
