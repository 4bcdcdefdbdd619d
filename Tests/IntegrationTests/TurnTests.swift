import Foundation
import Testing

/// Several heapdumps at once, and what else is in the way for a while.
struct TurnTests {
    /// Node's processes mostly have one port for their inspectors.
    @Test(arguments: Node.supported)
    func fourAtOnceOnOnePortAllSucceed(node: Node) throws {
        let port = try Listener.freePort()
        let options = ["--inspect-port=\(port)"]
        try Target.with("idle-server.js", node, options: options) { first in
            try Target.with("idle-server.js", node, options: options) { second in
                try Target.with("idle-server.js", node, options: options) { third in
                    try Target.with("idle-server.js", node, options: options) { fourth in
                        try dumpAtOnce([first, second, third, fourth])
                    }
                }
            }
        }
    }

    private func dumpAtOnce(_ targets: [Target]) throws {
        try TemporaryDirectory.with { directory in
            for round in 1...3 {
                let dumps = try targets.map { try Child(Heapdump.command(["\($0.pid)"], in: directory.path)) }
                defer { dumps.forEach { $0.end() } }
                for dump in dumps { try dump.finish().expect(exit: 0) }
                #expect(directory.contents.count == round * targets.count)
            }
        }
        for target in targets { try target.expectBackToNormal() }
    }

    @Test func aSecondDumpOfAProcessWaitsForTheFirst() throws {
        try Target.with("idle-server.js", .v24) { target in
            try TemporaryDirectory.with { directory in
                let dumps = try (1...3).map { _ in try Child(Heapdump.command(["\(target.pid)"], in: directory.path)) }
                defer { dumps.forEach { $0.end() } }
                for dump in dumps { try dump.finish().expect(exit: 0) }
                #expect(directory.contents.count == 3)
            }
            try target.expectBackToNormal()
        }
    }

    /// 75 tells a cron job to try again.
    @Test(arguments: ["0", "0.3"])
    func whoDoesNotWantToWaitEndsWith75(wait: String) throws {
        try Target.with("idle-server.js", .v24) { target in
            let lock = try HeldLock(pid: target.pid, startTime: target.startTime())
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--wait", wait], in: directory)
                run.expect(exit: 75)
                run.expect(saying: "another heapdump", "--wait")
                #expect(directory.contents.isEmpty)
            }
            lock.release()
            try target.expectUntouched()
        }
    }

    /// The target's user may keep root's heapdump waiting for a minute, and no longer.
    @Test func aLockOfTheTargetsUserIsPassedOver() throws {
        try withLockOfTheTargetsUser("() => {}") { target, holder in
            let run = try Heapdump.run(["\(target.pid)", "-m", "fork"])
            run.expect(exit: 0)
            run.expect(saying: "process \(holder.pid) of user nobody has held it for a minute: going on all the same")
            try target.expectBackToNormal()
        }
    }

    /// Nor as long as he likes by letting go of who waits, and not of the lock.
    @Test func aLockThatLetsGoOfWhoeverWaitsIsWaitedForNoLonger() throws {
        try withLockOfTheTargetsUser("(socket) => socket.destroy()") { target, _ in
            try Heapdump.run(["\(target.pid)", "--wait", "1"]).expect(exit: 75)
            try target.expectUntouched()
        }
    }

    /// - Parameter serve: what the holder does with each connection, in JavaScript.
    private func withLockOfTheTargetsUser(_ serve: String, _ body: (Target, Child) throws -> Void) throws {
        try Requirement.root()
        let node = try Node.v24.path()
        try Requirement.isReadableByAll(node)
        try Target.with("idle-server.js", .v24, user: .nobody) { target in
            let name = "\\0heapdump/\(target.pid)/\(try target.startTime())"
            let script = """
                require('net').createServer(\(serve)).listen('\(name)', () => console.log('holds'));
                process.stdin.on('end', () => process.exit()).resume();
                """
            try Command(Command.User.nobody.launcher + [node, "-e", script], in: "/tmp").withChild { holder in
                try eventually("it holds the lock: \(holder.stderr.text)") { holder.stdout.text.hasPrefix("holds") }
                try body(target, holder)
            }
        }
    }

    @Test(arguments: Node.supported)
    func aPortThatBecomesFreeIsWaitedFor(node: Node) throws {
        let port = try Listener.freePort()
        try Target.with("idle-server.js", node, options: ["--inspect-port=\(port)"]) { target in
            try TemporaryDirectory.with { directory in
                let child = try Listener.whileTaken(port: UInt16(port)) {
                    let child = try Child(Heapdump.command(["\(target.pid)", "--no-ptrace"], in: directory.path))
                    try eventually("it waits: \(child.stderr.text)") {
                        child.stderr.text.contains("waiting for its inspector's port")
                    }
                    return child
                }
                defer { child.end() }
                try child.finish().expect(exit: 0)
            }
            try target.expectBackToNormal()
        }
    }

    @Test func aPortThatStaysTakenEndsWith75() throws {
        let port = try Listener.freePort()
        try Target.with("idle-server.js", .v24, options: ["--inspect-port=\(port)"]) { target in
            try Listener.whileTaken(port: UInt16(port)) {
                let run = try Heapdump.run(["\(target.pid)", "--no-ptrace", "--wait", "0"])
                run.expect(exit: 75)
                run.expect(saying: "\(port)")
            }
            try target.expectUntouched()
        }
    }
}
