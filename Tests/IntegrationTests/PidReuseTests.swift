import Foundation
import Testing

/// The target ends while heapdump looks at it, and another Node process gets its pid.
struct PidReuseTests {
    /// Whether the lock that heapdump waits for is free when it wakes: it learns of the target's end in another place then.
    @Test(arguments: [false, true], Node.supported)
    func leavesTheNewcomerAlone(lockIsFree: Bool, node: Node) throws {
        let server = "\(try node.path()) --inspect-port=0 \(Package.targets)/idle-server.js"
        try TemporaryDirectory.with { directory in
            try PidNamespace.with { namespace in
                // No pid of a test beside this one: the locks of all pid namespaces share their names.
                let first = pid_t.random(in: 1_000...30_000)
                let pid = try namespace.start(server, output: directory("target"), pid: first)
                try awaitReady(directory("target"))
                let lock = try HeldLock(pid: pid, startTime: namespace.startTime(of: pid))
                try FileManager.default.createDirectory(atPath: directory("dumps"), withIntermediateDirectories: false)
                let heapdump = try namespace.start(
                    "\(Heapdump.binary) \(pid) -v -o \(directory("dumps"))/", output: directory("heapdump"))
                try lock.awaitWaiting()
                try namespace.stop(heapdump)
                try namespace.end(pid)
                let newcomer = try namespace.start(server, output: directory("newcomer"), pid: pid)
                #expect(newcomer == pid)
                let port = try awaitReady(directory("newcomer"))
                if lockIsFree { lock.release() }
                try namespace.send("CONT", to: heapdump)
                let status = try namespace.wait(for: heapdump)
                let story = text(directory("heapdump.err"))
                #expect(status == 66 || status == 68, "\(status ?? -1): \(story)")
                #expect(story.contains("heapdump: process \(pid)"), "\(story)")
                #expect(["died", "exited", "ended"].contains { story.contains($0) }, "\(story)")
                #expect(text(directory("heapdump.out")).isEmpty)
                #expect(try FileManager.default.contentsOfDirectory(atPath: directory("dumps")).isEmpty)
                // SIGUSR1 would have opened its inspector, of which it tells at once; SIGUSR2 would have ended it.
                #expect(try Http.get("/", port: port) == "ok 1")
                #expect(text(directory("newcomer.err")).isEmpty)
                // A dump that means the newcomer gets it.
                let second = try namespace.start(
                    "\(Heapdump.binary) \(pid) -q -o \(directory("dumps"))/", output: directory("second"))
                #expect(try namespace.wait(for: second) == 0, "\(text(directory("second.err")))")
                #expect(text(directory("newcomer.err")).contains("Debugger listening"))
            }
        }
    }

    /// A guardian is told of a process by pid and start time.
    @Test func theGuardianLeavesTheNewcomerAlone() throws {
        let server = "\(try Node.v24.path()) --inspect=0 \(Package.targets)/idle-server.js"
        try TemporaryDirectory.with { directory in
            try PidNamespace.with { namespace in
                let pid = try namespace.start(server, output: directory("target"))
                try awaitReady(directory("target"))
                let startTime = try namespace.startTime(of: pid)
                try namespace.end(pid)
                #expect(try namespace.start(server, output: directory("newcomer"), pid: pid) == pid)
                let port = try awaitReady(directory("newcomer"))
                let newStartTime = try namespace.startTime(of: pid)
                #expect(newStartTime != startTime)
                let inspector = try inspectorPort(directory("newcomer"))
                for (time, isItsOwn) in [(startTime, false), (newStartTime, true)] {
                    // heapdump's part: S, that the signal is about to be sent, and its end once the guardian is ready.
                    let heapdump = """
                        import socket, subprocess, sys
                        ours, its = socket.socketpair()
                        ours.sendall(b"S")
                        guardian = subprocess.Popen(sys.argv[1:], stdin=its)
                        its.close()
                        try: ours.recv(1)
                        except ConnectionResetError: pass  # It has left what is not its own.
                        ours.close()
                        sys.exit(guardian.wait())
                        """
                    try Data(heapdump.utf8).write(to: URL(fileURLWithPath: directory("heapdump.py")))
                    let guardian = try namespace.start(
                        "python3 \(directory("heapdump.py")) \(Heapdump.binary) guard-inspector --pid \(pid) "
                            + "--user-id \(geteuid()) --start-time \(time)", output: directory("guardian"))
                    #expect(try namespace.wait(for: guardian) == 0, "\(text(directory("guardian.err")))")
                    #expect(Listener.isAnyone(on: inspector) != isItsOwn)
                }
                #expect(try Http.get("/", port: port) == "ok 1")
            }
        }
    }

    private func inspectorPort(_ output: String) throws -> Int {
        let story = text(output + ".err")
        return try #require(story.firstMatch(of: #/ws:\/\/127\.0\.0\.1:(\d+)/#).flatMap { Int($0.1) }, "\(story)")
    }

    /// - Returns: the port on which it serves.
    @discardableResult
    private func awaitReady(_ output: String) throws -> Int {
        var port: Int?
        try eventually("ready from \(output)") {
            let line = text(output + ".out").split(separator: "\n").first { $0.hasPrefix("ready {") }
            guard let line, line.hasSuffix("}") else { return false }
            let facts = try JSONSerialization.jsonObject(with: Data(line.dropFirst("ready ".count).utf8))
            port = (facts as? [String: Any])?["port"] as? Int
            return true
        }
        return try #require(port)
    }

    private func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? "(no \(path))"
    }
}
