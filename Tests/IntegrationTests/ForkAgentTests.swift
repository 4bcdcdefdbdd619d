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
                let agents = try Agents.mapped(into: target.pid)
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

    /// The file is the process's own, where nobody but its user may come.
    @Test(arguments: Node.supported)
    func comesThroughADirectoryOfAnotherUser(node: Node) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(try node.path())
        try TemporaryDirectory.with { place in
            #expect(chown(place.path, 65534, 65534) == 0 && chmod(place.path, 0o700) == 0)
            let environment = ["TMPDIR": place.path]
            try Target.with("idle-server.js", node, environment: environment, user: .nobody) { target in
                try Heapdump.run(["\(target.pid)", "-m", "fork"]).expect(exit: 0)
                let agents = try Agents.mapped(into: target.pid)
                #expect(agents.count == 1 && agents.allSatisfy { $0.hasPrefix(place.path) }, "\(agents)")
                #expect(place.contents.isEmpty)
                try target.expectBackToNormal()
            }
        }
    }

    /// What lets others put a library of theirs in the place of the agent, between its writing and its loading.
    enum Exposed: CaseIterable {
        case writableByAll, writableByItsGroup, ownedByAnother, belowOneThatIs

        func arrange(_ place: String) throws -> String {
            let inner = place + "/inner"
            try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
            switch self {
            case .writableByAll: #expect(chmod(inner, 0o777) == 0)
            case .writableByItsGroup: #expect(chmod(inner, 0o775) == 0 && chown(inner, 0, 65534) == 0)
            case .ownedByAnother: #expect(chown(inner, 65534, 65534) == 0)
            case .belowOneThatIs: #expect(chown(place, 65534, 65534) == 0)
            }
            return inner
        }
    }

    @Test(arguments: Exposed.allCases)
    func avoidsADirectoryThatOthersMayChange(exposed: Exposed) throws {
        try Requirement.root()
        try TemporaryDirectory.with { place in
            let inner = try exposed.arrange(place.path)
            try Target.with("idle-server.js", .v24, environment: ["TMPDIR": inner]) { target in
                try Heapdump.run(["\(target.pid)", "-m", "fork"]).expect(exit: 0)
                let agents = try Agents.mapped(into: target.pid)
                #expect(agents.count == 1 && !agents.contains { $0.hasPrefix(place.path) }, "\(agents)")
            }
        }
    }

    /// A link of somebody else's leads to one place when it is looked at, and to another when the agent is loaded.
    @Test func loadsItByAPathWithoutLinks() throws {
        try Requirement.root()
        try TemporaryDirectory.with { place in
            let link = place("link")
            try FileManager.default.createDirectory(atPath: place("real"), withIntermediateDirectories: false)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: place("real"))
            #expect(lchown(link, 65534, 65534) == 0)
            try Target.with("idle-server.js", .v24, environment: ["TMPDIR": link]) { target in
                try Heapdump.run(["\(target.pid)", "-m", "fork"]).expect(exit: 0)
                let agents = try Agents.mapped(into: target.pid)
                #expect(agents.count == 1 && agents.allSatisfy { $0.hasPrefix(place("real")) }, "\(agents)")
            }
        }
    }

    /// Where no other place is left, the plan says who could, and takes another method.
    @Test func saysWhoCouldReplaceIt() throws {
        try Requirement.root()
        let script = """
            mount -t tmpfs -o mode=777 tmpfs /tmp && mount -t tmpfs -o uid=65534 tmpfs /dev/shm && cd /dev/shm && exec "$0" "$@"
            """
        let launcher = ["unshare", "--mount", "sh", "-c", script]
        try Target.with("idle-server.js", .v24, environment: ["TMPDIR": "/nonexistent"], launcher: launcher) { target in
            try expectPlannedFallback(
                of: target,
                saying: [
                    "/tmp: others could put a file in place of the agent (/tmp is not sticky)",
                    "/dev/shm: user nobody could put a file in place of the agent (/dev/shm is theirs)",
                ])
        }
    }

    private static func refusing(_ condition: String) -> String {
        """
        const load = process.dlopen;
        process.dlopen = function (module, path, ...rest) {
          if (\(condition)) throw new Error('not from here');
          return load.call(this, module, path, ...rest);
        };
        """
    }

    @Test func tellsOfAPlaceThatItWasNotLoadedFrom() throws {
        try Target.withPrelude(Self.refusing("path.startsWith('/tmp/')"), .v24) { target in
            let run = try Heapdump.run(["\(target.pid)", "-m", "fork"])
            run.expect(exit: 0)
            run.expect(saying: "warning: it did not load the agent from /tmp: not from here")
        }
    }

    /// What was tried in vain is promised no more, but for who asks for it.
    @Test func remembersThatItWasNotLoaded() throws {
        try Requirement.root()
        try Target.withPrelude(Self.refusing("!globalThis.mayLoad"), .v24) { target in
            let first = try Heapdump.run(["\(target.pid)", "--json"])
            first.expect(exit: 0)
            #expect(try (first.json()["failed_methods"] as? [Any])?.count == 1, "\(first)")
            let plan = try Heapdump.run(["\(target.pid)", "--dry-run", "--json"]).json()
            let refused = try #require(
                (plan["refused"] as? [[String: Any]])?.first { $0["method"] as? String == "fork" })
            let reason = try #require(refused["reason"] as? String)
            #expect(reason.contains("did not load the agent at an earlier try: ") && reason.contains("not from here"))
            let second = try Heapdump.run(["\(target.pid)", "--json"])
            second.expect(exit: 0)
            #expect(try (second.json()["failed_methods"] as? [Any])?.isEmpty == true, "\(second)")
            try Heapdump.run(["\(target.pid)", "-m", "fork"]).expect(exit: 69)
            try target.expectBackToNormal()
        }
    }

    /// What a heapdump that was killed has left; one that lives holds a lock.
    @Test func removesWhatAKilledHeapdumpHasLeft() throws {
        try TemporaryDirectory.with { place in
            let source = try String(contentsOfFile: Package.root + "/Sources/HeapDumpAgent/module.c", encoding: .utf8)
            let number = try #require(source.firstMatch(of: /PROTOCOL = (\d+)/)).1
            let version = try Heapdump.run(["--version"]).stdout.split(separator: " ").last ?? ""
            let name = "snapshot-agent-\(version.trimmingCharacters(in: .newlines))-\(number).so"
            for directory in ["snapshot-agent-stale", "snapshot-agent-held"] {
                try FileManager.default.createDirectory(atPath: place(directory), withIntermediateDirectories: false)
                try Data().write(to: URL(fileURLWithPath: place(directory) + "/" + name))
            }
            let held = open(place("snapshot-agent-held"), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            defer { close(held) }
            #expect(flock(held, LOCK_EX) == 0)
            try Target.with("idle-server.js", .v24, environment: ["TMPDIR": place.path]) { target in
                try Heapdump.run(["\(target.pid)", "-m", "fork"]).expect(exit: 0)
            }
            #expect(place.contents == ["snapshot-agent-held"])
        }
    }

    /// Threads have a JavaScript world each, and one agent.
    @Test(arguments: Node.supported)
    func isSharedByAllThreads(node: Node) throws {
        try Target.with("workers-with-own-classes.js", node) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(
                    ["\(target.pid)", "--thread", "all", "-o", "%w.heapsnapshot"], in: directory)
                run.expect(exit: 0)
            }
            let agents = try Agents.mapped(into: target.pid)
            #expect(agents.count == 1, "\(agents)")
            try target.expectBackToNormal()
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
                mount -t tmpfs -o noexec tmpfs /tmp && mkdir -p \(place.path) && mount -t tmpfs -o noexec tmpfs /dev/shm &&
                cd \(place.path) && exec "$0" "$@"
                """
            let launcher = ["unshare", "--mount", "sh", "-c", script]
            try Target.with("idle-server.js", node, environment: ["TMPDIR": place.path], launcher: launcher) { target in
                try expectPlannedFallback(
                    of: target, saying: ["\(place.path): ", "/tmp: ", "/dev/shm: ", "(it is mounted noexec)"])
            }
        }
    }

    /// An unprivileged process that may write nowhere.
    @Test(arguments: Node.supported)
    func goesOnWithoutItWhereNothingMayBeWritten(node: Node) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(try node.path())
        let script = """
            mount -t tmpfs -o ro tmpfs /tmp && mount -t tmpfs -o ro tmpfs /dev/shm && cd / && exec "$0" "$@"
            """
        let launcher = ["unshare", "--mount", "sh", "-c", script] + Command.User.nobody.launcher
        let environment = ["TMPDIR": "/nonexistent"]
        try Target.with("idle-server.js", node, environment: environment, launcher: launcher) { target in
            try expectPlannedFallback(
                of: target,
                saying: [
                    "/nonexistent: No such file", "/tmp: Read-only", "/dev/shm: Read-only", "/: Permission denied",
                ])
        }
    }

    /// A container without it.
    @Test(arguments: Node.supported)
    func goesOnWithoutAForkWhereThereIsNoProc(node: Node) throws {
        try Requirement.root()
        let launcher = ["unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /proc && exec \"$0\" \"$@\""]
        try Target.with("idle-server.js", node, launcher: launcher) { target in
            try expectFallback(of: target, code: "no-proc", saying: ["it sees no /proc in its container"])
        }
    }

    /// What can be seen from outside, the plan knows: the fork is not tried.
    private func expectPlannedFallback(of target: Target, saying texts: [String]) throws {
        try TemporaryDirectory.with { directory in
            let plan = try Heapdump.run(["\(target.pid)", "--dry-run", "--json"], in: directory).json()
            let refused = try #require(
                (plan["refused"] as? [[String: Any]])?.first { $0["method"] as? String == "fork" })
            let reason = try #require(refused["reason"] as? String)
            for text in texts + ["can load the agent from nowhere"] { #expect(reason.contains(text), "\(reason)") }
            let run = try Heapdump.run(["\(target.pid)", "--no-ptrace", "--json"], in: directory)
            run.expect(exit: 0)
            let report = try run.json()
            #expect(report["method"] as? String == "inspector")
            #expect((report["failed_methods"] as? [Any])?.isEmpty == true, "\(report)")
            #expect(directory.snapshots.count == 1)
        }
        try target.expectBackToNormal()
    }

    /// The snapshot is taken in the process itself, and why not by a fork is said.
    private func expectFallback(of target: Target, code: String? = nil, saying texts: [String]) throws {
        try TemporaryDirectory.with { directory in
            let run = try Heapdump.run(["\(target.pid)", "--no-ptrace", "--json"], in: directory)
            run.expect(exit: 0)
            let report = try run.json()
            #expect(report["method"] as? String == "inspector")
            let failed = try #require(report["failed_methods"] as? [[String: String]])
            #expect(failed.map { $0["method"] } == ["fork"])
            for text in texts { #expect(failed.first?["reason"]?.contains(text) == true, "\(failed)") }
            if let code { #expect(failed.first?["reason_code"] == code) }
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
}
