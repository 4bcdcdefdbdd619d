import Foundation
import Testing

/// By the inspector: the process writes the snapshot into a pipe of heapdump's, where it can, which spares it messages.
struct DirectWriteTests {
    private let asks = "asking it to write the snapshot into a pipe"
    private let cannot = "messages carry the snapshot"

    /// Releases with process.getBuiltinModule, which calls nothing of the program's.
    private static let releases = Node.each.filter { $0.rawValue >= 20 }
    /// What writes snapshots is used where the program has loaded it itself.
    private static let options = ["--inspect-port=0", "--require", "v8"]

    @Test(arguments: releases)
    func writesIntoAPipe(node: Node) throws {
        try Target.with("leaks-named-class.js", node, options: Self.options, arguments: ["99"]) { target in
            let run = try dump(target)
            run.expect(saying: asks)
            #expect(!run.stderr.contains(cannot), "\(run)")
            // No descriptor of the pipe stays with the process.
            let links = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(target.pid)/fd")
                .compactMap {
                    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(target.pid)/fd/\($0)")
                }
            #expect(!links.contains { $0.contains(".heapsnapshot") })
            try target.expectBackToNormal()
        }
    }

    /// To load a module in the middle of what the program does could find one half loaded.
    @Test(arguments: Node.supported)
    func takesMessagesWhereAModuleWouldHaveToBeLoaded(node: Node) throws {
        try Target.with("leaks-named-class.js", node, arguments: ["99"]) { target in
            let run = try dump(target)
            run.expect(saying: asks, "it has not loaded what that takes", cannot)
            try target.expectBackToNormal()
        }
    }

    /// Another user's process may not look into heapdump.
    @Test(arguments: releases)
    func takesMessagesFromAnotherUsersProcess(node: Node) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(try node.path())
        try Requirement.isReadableByAll("\(Package.targets)/leaks-named-class.js")
        let options = Self.options
        try Target.with("leaks-named-class.js", node, options: options, arguments: ["99"], user: .nobody) { target in
            let run = try dump(target)
            run.expect(saying: asks, "EACCES", cannot)
            try target.expectBackToNormal()
        }
    }

    /// A program that has replaced what the expression uses.
    @Test(arguments: releases)
    func takesMessagesWhereTheProgramIsInTheWay(node: Node) throws {
        let prelude = """
            class LeakedSession {}
            global.sessions = Array.from({ length: 99 }, () => new LeakedSession());
            require('v8');
            require('fs').readlinkSync = () => 'elsewhere';
            """
        try Target.withPrelude(prelude, node) { target in
            let run = try dump(target)
            run.expect(saying: asks, "the path leads elsewhere for it", cannot)
            try target.expectBackToNormal()
        }
    }

    /// Paths under /proc are others there.
    @Test(arguments: Node.supported)
    func takesMessagesFromAnotherNamespace(node: Node) throws {
        try Requirement.root()
        let launcher = ["unshare", "--mount", "--"]
        try Target.with("leaks-named-class.js", node, arguments: ["99"], launcher: launcher) { target in
            let run = try dump(target)
            #expect(!run.stderr.contains(asks), "\(run)")
            try target.expectBackToNormal()
        }
    }

    /// Who has no defence against SIGPIPE would end with heapdump.
    @Test(arguments: Node.supported)
    func takesMessagesWhereSIGPIPEKills(node: Node) throws {
        let prelude = """
            class LeakedSession {}
            global.sessions = Array.from({ length: 99 }, () => new LeakedSession());
            const f = () => {};
            process.on('SIGPIPE', f).removeListener('SIGPIPE', f);
            """
        try Target.withPrelude(prelude, node) { target in
            let run = try dump(target)
            #expect(!run.stderr.contains(asks), "\(run)")
            try target.expectBackToNormal()
        }
    }

    /// When heapdump leaves, V8 cannot go on writing: the process is free the sooner.
    @Test(arguments: Node.supported)
    func freesTheProcessWhenHeapdumpIsKilled(node: Node) throws {
        try Target.with("big-heap-server.js", node, arguments: [MidDump.heap]) { target in
            try TemporaryDirectory.with { directory in
                try MidDump.with(.inspector, of: target, in: directory) { heapdump in
                    heapdump.send(SIGKILL)
                    _ = try heapdump.finish()
                }
                #expect(directory.contents.isEmpty)
            }
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }

    private func dump(_ target: Target) throws -> Run {
        try TemporaryDirectory.with { directory in
            let run = try Heapdump.run(["\(target.pid)", "-v"] + Way.inspector.options, in: directory)
            run.expect(exit: 0)
            #expect(try SnapshotText(run.path).ids(ofClass: "LeakedSession").count == 99)
            return run
        }
    }
}
