import Foundation
import Testing

/// A snapshot holds every secret of the process: nobody else reaches it at any time, in a file or on its way there.
struct SecrecyTests {
    @Test(arguments: Node.supported, Way.allCases)
    func nobodyElseReachesItMeanwhile(node: Node, way: Way) throws {
        try Requirement.root()
        try Target.with("big-heap-server.js", node, arguments: [MidDump.heap]) { target in
            try TemporaryDirectory.with { directory in
                // Everybody may write there, as in /tmp.
                chmod(directory.path, 0o1777)
                try MidDump.with(way, ["--keep-partial", "-o", "a.heapsnapshot"], of: target, in: directory) {
                    heapdump in
                    heapdump.send(SIGSTOP)
                    defer { heapdump.send(SIGCONT) }
                    for pid in [heapdump.pid, target.pid] { #expect(try expectNoAccess(to: pid) > 0) }
                    // These may end meanwhile.
                    for pid in Guardian.pids(watching: target.pid) + target.copies { _ = try expectNoAccess(to: pid) }
                    // What has a name already is its owner's alone.
                    for name in directory.contents { try expectPrivate(directory(name)) }
                    heapdump.send(SIGINT)
                    heapdump.send(SIGCONT)
                    _ = try heapdump.finish()
                }
                for name in directory.contents { try expectPrivate(directory(name)) }
            }
            try target.awaitBackToNormal()
        }
    }

    /// Whatever the umask is.
    @Test(arguments: Way.allCases)
    func theFileIsItsOwnersAlone(way: Way) throws {
        try Target.with("idle-server.js", .v24) { target in
            try TemporaryDirectory.with { directory in
                let row = ["sh", "-c", #"umask 0; exec "$@""#, "sh", Heapdump.binary, "\(target.pid)"]
                let run = try Command(row + way.options, in: directory.path).run()
                run.expect(exit: 0)
                try expectPrivate(run.path)
            }
        }
    }

    /// - Returns: how many descriptors it has.
    private func expectNoAccess(to pid: pid_t) throws -> Int {
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? []
        for descriptor in descriptors {
            let path = "/proc/\(pid)/fd/\(descriptor)"
            let theft = try Command(["dd", "if=\(path)", "of=/dev/null", "count=1"], user: .nobody).run()
            let isGone = theft.stderr.contains("No such file")
            #expect(theft.stderr.contains("Permission denied") || isGone, "\(theft)")
        }
        return descriptors.count
    }

    private func expectPrivate(_ path: String) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600, "\(path)")
    }
}
