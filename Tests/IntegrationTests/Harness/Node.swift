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
    case v26 = 26

    /// Those that heapdump dumps.
    static let supported: [Node] = [.v18, .v20, .v22, .v24, .v26]

    var description: String { "Node \(rawValue)" }

    /// Fails the test where all releases must be there, and else leaves it out.
    func path() throws -> String { try Self.path("\(rawValue)") }

    /// One that was built for musl, and runs where musl's loader is installed.
    static func pathOfMusl() throws -> String { try path("22-musl") }

    private static func path(_ release: String) throws -> String {
        let path = "\(Package.root)/.build/node/\(release)/bin/node"
        if FileManager.default.isExecutableFile(atPath: path) { return path }
        let reason = "Node \(release) is not at .build/node: run Scripts/node-versions.sh"
        if Requirement.nodes.isStrict { throw Failure(reason) }
        try Test.cancel("\(reason)")
    }
}
