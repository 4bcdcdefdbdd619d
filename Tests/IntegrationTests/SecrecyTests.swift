import Foundation
import Testing

/// A snapshot holds every secret of the process: nobody else reaches it at any time, in a file or on its way there.
struct SecrecyTests {
    /// All that heapdump and the process hold open meanwhile; another user could reach it through /proc, or by a name.
    @Test(arguments: Node.supported, Way.allCases)
    func nobodyElseReachesItMeanwhile(node: Node, way: Way) throws {
        try Requirement.root()
        try Target.with("big-heap-server.js", node, arguments: [MidDump.heap]) { target in
            try TemporaryDirectory.with { directory in
                // Everybody may write there, as in /tmp.
                chmod(directory.path, 0o1777)
                try MidDump.with(way, ["-o", "a.heapsnapshot"], of: target, in: directory) { heapdump in
                    heapdump.send(SIGSTOP)
                    defer { heapdump.send(SIGCONT) }
                    let files = openFiles(of: heapdump.pid)
                    #expect(files.contains { $0.target.hasPrefix(directory.path) && $0.isRegular }, "\(files)")
                    // A copy writes it into a pipe; the process itself sends messages, or writes into one.
                    if way == .fork { #expect(files.contains { $0.target.hasPrefix("pipe:") }, "\(files)") }
                    for pid in [heapdump.pid] + target.copies {
                        for file in openFiles(of: pid) where file.isRegular || file.target.hasPrefix("pipe:") {
                            // The process's own libraries and scripts are no secrets of ours.
                            guard file.isWritable else { continue }
                            #expect(file.mode & 0o077 == 0, "\(file)")
                            let theft = try Command(
                                ["dd", "if=\(file.path)", "of=/dev/null", "count=1"], user: .nobody
                            ).run()
                            #expect(theft.ending != .exited(0), "\(theft)")
                        }
                    }
                    // What has a name already is its owner's alone.
                    for name in directory.contents { try expectPrivate(directory(name)) }
                    heapdump.send(SIGINT)
                    heapdump.send(SIGCONT)
                    _ = try heapdump.finish()
                }
            }
            try target.awaitBackToNormal()
        }
    }

    private struct OpenFile: CustomStringConvertible {
        let path: String
        let target: String
        let mode: mode_t
        let isWritable: Bool

        var isRegular: Bool { mode & S_IFMT == S_IFREG }
        var description: String { "\(path) -> \(target), mode \(String(mode, radix: 8))" }
    }

    private func openFiles(of pid: pid_t) -> [OpenFile] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")) ?? []
        // But for the three that the tests have given it.
        return names.filter { Int($0) ?? 0 > 2 }.compactMap { name in
            let path = "/proc/\(pid)/fd/\(name)"
            var status = stat()
            var link = stat()
            guard stat(path, &status) == 0, lstat(path, &link) == 0,
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
            else { return nil }
            // The link's own mode tells how it was opened.
            return OpenFile(path: path, target: target, mode: status.st_mode, isWritable: link.st_mode & S_IWUSR != 0)
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

    private func expectPrivate(_ path: String) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600, "\(path)")
    }
}
