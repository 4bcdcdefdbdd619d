import Foundation
import Testing

/// How the agent comes into a process.
struct ForkAgentTests {
    @Test(arguments: Node.each)
    func isLoadedOnceAndLeavesNoFile(node: Node) throws {
        try TemporaryDirectory.with { place in
            try Target.with("idle-server.js", node, environment: ["TMPDIR": place.path]) { target in
                let first = try Heapdump.run(["\(target.pid)", "-v"])
                first.expect(exit: 0)
                first.expect(saying: "loading the agent", "JavaScript paused for")
                #expect(place.contents.isEmpty)
                let second = try Heapdump.run(["\(target.pid)", "-v"])
                second.expect(exit: 0)
                #expect(!second.stderr.contains("loading the agent"), "\(second)")
                let agents = try agents(in: target)
                #expect(agents.count == 1, "\(agents)")
                try target.expectBackToNormal()
            }
        }
    }

    @Test(arguments: Node.supported)
    func takesTheNextPlaceWhereOneIsNotWritable(node: Node) throws {
        try Target.with("idle-server.js", node, environment: ["TMPDIR": "/nonexistent"]) { target in
            let run = try Heapdump.run(["\(target.pid)", "--json"])
            run.expect(exit: 0)
            #expect(try run.json()["method"] as? String == "fork")
        }
    }

    /// As containers have it: the agent comes in through /dev/shm, and the snapshot goes out through a pipe.
    @Test(arguments: Node.supported)
    func worksWithAReadOnlyRoot(node: Node) throws {
        try Requirement.root()
        let script = """
            mount -o remount,bind,ro / && { mount -o remount,bind,ro /tmp 2> /dev/null; mount -t tmpfs tmpfs /dev/shm; } && cd / &&
            ! touch /tmp/heapdump-test-writable 2> /dev/null && exec "$0" "$@"
            """
        try Target.with("idle-server.js", node, launcher: ["unshare", "--mount", "sh", "-c", script]) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--json"], in: directory)
                run.expect(exit: 0)
                #expect(try run.json()["method"] as? String == "fork")
                #expect(directory.snapshots.count == 1)
            }
            try target.expectBackToNormal()
        }
    }

    /// Where no place lets code in, the snapshot is taken in the process itself.
    @Test(arguments: Node.supported)
    func goesOnWithoutItWhereNothingMayBeExecuted(node: Node) throws {
        try Requirement.root()
        try TemporaryDirectory.with { place in
            let script = """
                mount -t tmpfs -o noexec tmpfs \(place.path) && mount -t tmpfs -o noexec tmpfs /dev/shm &&
                cd \(place.path) && exec "$0" "$@"
                """
            let launcher = ["unshare", "--mount", "sh", "-c", script]
            try Target.with("idle-server.js", node, environment: ["TMPDIR": place.path], launcher: launcher) { target in
                try expectFallback(of: target, saying: ["\(place.path): ", "/dev/shm: ", "(it is mounted noexec)"])
            }
        }
    }

    /// An unprivileged process that may write nowhere.
    @Test(arguments: Node.supported)
    func goesOnWithoutItWhereNothingMayBeWritten(node: Node) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(try node.path())
        let script = """
            mount -t tmpfs -o ro tmpfs /dev/shm && cd / && exec "$0" "$@"
            """
        let launcher = ["unshare", "--mount", "sh", "-c", script] + Command.User.nobody.launcher
        let environment = ["TMPDIR": "/nonexistent"]
        try Target.with("idle-server.js", node, environment: environment, launcher: launcher) { target in
            try expectFallback(of: target, saying: ["/nonexistent: ENOENT", "/dev/shm: EROFS", "/: EACCES"])
        }
    }

    /// A container without it.
    @Test(arguments: Node.supported)
    func goesOnWithoutAForkWhereThereIsNoProc(node: Node) throws {
        try Requirement.root()
        let launcher = ["unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /proc && exec \"$0\" \"$@\""]
        try Target.with("idle-server.js", node, launcher: launcher) { target in
            try expectFallback(of: target, saying: ["it sees no /proc in its container"])
        }
    }

    /// The snapshot is taken in the process itself, and why not by a fork is said.
    private func expectFallback(of target: Target, saying texts: [String]) throws {
        try TemporaryDirectory.with { directory in
            let run = try Heapdump.run(["\(target.pid)", "--json"], in: directory)
            run.expect(exit: 0)
            let report = try run.json()
            #expect(report["method"] as? String == "inspector")
            let failed = try #require(report["failed_methods"] as? [[String: String]])
            #expect(failed.map { $0["method"] } == ["fork"])
            for text in texts { #expect(failed.first?["reason"]?.contains(text) == true, "\(failed)") }
            #expect(directory.snapshots.count == 1)
        }
        try target.expectBackToNormal()
    }

    @Test func leavesAnOlderOneAlone() throws {
        let prelude = "process[Symbol.for('heapdump.agents')] = new Map([['0.0.1', Object.freeze({})]]);"
        try Target.withPrelude(prelude, .v22) { target in
            let run = try Heapdump.run(["\(target.pid)"])
            run.expect(exit: 0)
            run.expect(saying: "heapdump 0.0.1", "left alone")
        }
    }

    @Test func anOddOneIsNoHarm() throws {
        let prelude = "process[Symbol.for('heapdump.agents')] = 7;"
        try Target.withPrelude(prelude, .v22) { target in
            try Heapdump.run(["\(target.pid)"]).expect(exit: 0)
            try target.expectBackToNormal()
        }
    }

    private func agents(in target: Target) throws -> Set<Substring> {
        // Foundation stops at the first short read, and the kernel's are.
        let maps = try Command(["cat", "/proc/\(target.pid)/maps"]).run().stdout
        let paths = maps.split(separator: "\n").compactMap { line in
            line.range(of: "/").map { line[$0.lowerBound...] }
        }
        return Set(paths.filter { $0.contains("agent.node") })
    }
}
