import Foundation
import Testing

/// Builds of Node that other tests do not run on.
struct RuntimeTests {
    @Test(arguments: [Node.v16, .v25], Way.allCases)
    func dumpsOlderAndOddVersions(node: Node, way: Way) throws {
        try expectDumps(Command([try node.path(), "--inspect-port=0", Self.program]), way)
    }

    @Test(arguments: [Node.v16, .v25])
    func dumpsThemBySignal(node: Node) throws {
        try DumpingTarget.with(node) { target, _ in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-m", "signal"], in: directory)
                run.expect(exit: 0)
                try Heapdump.run(["check", run.path]).expect(exit: 0)
            }
            try target.expectToServe()
        }
    }

    /// Its Node is a library, and keeps its heap from forks though it is an 18.
    @Test(arguments: Way.allCases)
    func dumpsDebiansNode(way: Way) throws {
        let root = try Root.named("debian-12")
        try expectDumps(Command(root.launcher() + ["/usr/bin/node", "--inspect-port=0", Self.program]), way) { target in
            let row = try #require(try Listing()[target.pid])
            #expect((row["node_version"] as? String)?.hasPrefix("v18.") == true, "\(row)")
        }
    }

    /// glibc 2.31 lacks fstat, and others that newer ones have.
    @Test(arguments: [Node.v16, .v18, .v20, .v22, .v24, .v26], Way.allCases)
    func dumpsOnAnOldLibrary(node: Node, way: Way) throws {
        let root = try Root.named("debian-11")
        let row = root.launcher(with: [try node.path()]) + [try node.path(), "--inspect-port=0", Self.program]
        try expectDumps(Command(row), way)
    }

    private static let program = "\(Package.targets)/idle-server.js"

    /// The second time the agent is there already. No second copy either: the first one succeeds.
    private func expectDumps(_ command: Command, _ way: Way, _ look: (Target) throws -> Void = { _ in }) throws {
        try Target.with(command) { target in
            try look(target)
            for _ in 1...2 {
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(target.pid)", "--json"] + way.options, in: directory)
                    run.expect(exit: 0)
                    let report = try run.json()
                    #expect(report["method"] as? String == way.rawValue)
                    if way == .fork { #expect(report["forks"] as? Int == 1, "\(report)") }
                    let file = try #require(report["file"] as? String)
                    try Heapdump.run(["check", file]).expect(exit: 0)
                }
            }
            try target.expectBackToNormal()
        }
    }
}
