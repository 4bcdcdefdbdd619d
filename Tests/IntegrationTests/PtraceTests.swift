import Foundation
import Testing

/// Dumps by ptrace: whatever the process is doing, and where nothing else reaches it.
struct PtraceTests {
    private static let known = 3000
    static let situations = [
        "idle", "serving", "read", "child process", "atomics, notified", "atomics, timed", "spinning", "allocating",
        "regular expression", "hashing",
    ]

    /// What a process has that ptrace could leave: code, and memory that it shares.
    private func mappings(_ pid: pid_t) throws -> [String] {
        try memoryMap(pid).filter { line in
            let fields = line.split(separator: " ")
            return fields.count == 5 && fields[1] == "r-xp" || line.contains("/dev/zero")
        }
    }

    /// heapdump's code: an image that belongs to no file.
    private func visits(_ pid: pid_t) throws -> [String] {
        let memory = try #require(FileHandle(forReadingAtPath: "/proc/\(pid)/mem"))
        return try mappings(pid).filter { line in
            guard line.contains("r-xp"), let start = UInt64(line.prefix { $0 != "-" }, radix: 16) else { return false }
            try memory.seek(toOffset: start)
            return try memory.read(upToCount: 4) == Data([0x7F, 0x45, 0x4C, 0x46])
        }
    }

    private func memoryMap(_ pid: pid_t) throws -> [String] {
        // The kernel gives a page of it at a time.
        let file = try #require(FileHandle(forReadingAtPath: "/proc/\(pid)/maps"))
        let lines = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self).split(separator: "\n")
        try #require(lines.contains { $0.hasSuffix("[stack]") }, "the whole of it")
        return lines.map(String.init)
    }

    /// At work until told, dumped meanwhile, it has the right results afterwards and nothing of heapdump's.
    @Test(arguments: Node.each, situations)
    func dumpsWhateverTheThreadDoes(node: Node, situation: String) throws {
        try TemporaryDirectory.with { directory in
            let fifo = directory("fifo")
            #expect(mkfifo(fifo, 0o600) == 0)
            try Target.with("works-until-told.js", node, arguments: ["\(Self.known)", situation, fifo]) { target in
                let before = Holdings(of: target.pid)
                let run = try Heapdump.run(
                    ["\(target.pid)", "-m", "ptrace", "--json", "-o", "a.heapsnapshot"], in: directory,
                    within: .seconds(120))
                run.expect(exit: 0)
                let report = try run.json()
                #expect(report["method"] as? String == "ptrace")
                #expect(report["forks"] as? Int ?? 0 > 0)
                #expect(report["forked"] as? Bool == true)
                #expect(try SnapshotText(directory("a.heapsnapshot")).ids(ofClass: "KnownObject").count == Self.known)
                try Data("go".utf8).write(to: URL(fileURLWithPath: fifo))
                try eventually("process \(target.pid) is done: \(target.child.stderr.text)") {
                    target.child.stdout.text.contains("done {")
                }
                let line = try #require(target.child.stdout.text.split(separator: "\n").first { $0.hasPrefix("done ") })
                let results = try JSONSerialization.jsonObject(with: Data(line.dropFirst(5).utf8)) as? [String: Any]
                #expect(results?["wrong"] as? Int == 0 && results?["rounds"] as? Int ?? 0 > 0, "\(line)")
                #expect(results?["intact"] as? Bool == true)
                #expect(!target.wasSignalled)
                #expect(target.child.stderr.text == "")
                #expect(try mappings(target.pid).allSatisfy { !$0.contains("/dev/zero") })
                #expect(Holdings(of: target.pid).copies == before.copies)
                #expect(ForkedCopies.children(of: target.pid) == [])
            }
        }
    }

    /// The inspector cannot be had; with or without a word from the user, ptrace takes its place.
    enum Obstacle: String, CaseIterable {
        case disabledSignal = "--disable-sigusr1"
        case permissionModel = "--permission"
        case reportSignal = "--report-on-signal --report-signal=SIGUSR1"
        case noAddons = "--no-addons"
        case frozenProcess
        case ownHandler

        func options(_ node: Node) -> [String]? {
            switch self {
            case .disabledSignal: node.rawValue >= 22 ? [rawValue] : nil
            case .permissionModel:
                switch node.rawValue {
                case 25...: [rawValue, "--allow-fs-read=*", "--allow-worker", "--allow-net"]
                case 24: [rawValue, "--allow-fs-read=*", "--allow-worker"]
                case 20...: ["--experimental-permission", "--allow-fs-read=*", "--allow-worker"]
                default: nil
                }
            case .reportSignal, .noAddons: rawValue.split(separator: " ").map(String.init)
            case .frozenProcess, .ownHandler: []
            }
        }

        var prelude: String {
            switch self {
            case .frozenProcess: "setImmediate(() => Object.freeze(process))"
            case .ownHandler: "process.on('SIGUSR1', () => console.error('signalled'))"
            default: ""
            }
        }
    }

    @Test(arguments: Node.each, Obstacle.allCases)
    func dumpsWhereNoInspectorMayBe(node: Node, obstacle: Obstacle) throws {
        guard let options = obstacle.options(node) else {
            try Test.cancel("\(node) has no \(obstacle.rawValue)")
        }
        try TemporaryDirectory.with { directory in
            let script = directory("prelude.js")
            try Data(obstacle.prelude.utf8).write(to: URL(fileURLWithPath: script))
            try Target.with("idle-server.js", node, options: options + ["--require", script]) { target in
                let run = try Heapdump.run(
                    ["\(target.pid)", "--json", "-o", "a.heapsnapshot", "-m", "ptrace"], in: directory)
                run.expect(exit: 0)
                #expect(try run.json()["method"] as? String == "ptrace")
                _ = try SnapshotText(directory("a.heapsnapshot"))
                #expect(!target.child.stderr.text.contains("signalled") && !target.wasSignalled)
                try target.expectBackToNormal()
            }
        }
    }

    /// heapdump looks for it at its threads and memory, and the copy closes some of its own.
    @Test(arguments: Node.each)
    func dumpsWithoutADescriptorLeft(node: Node) throws {
        try Target.with(
            "keeps-descriptors-free.js", node, arguments: ["0"], launcher: ["prlimit", "--nofile=64:64"]
        ) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--json", "-o", "a.heapsnapshot"], in: directory)
                run.expect(exit: 0)
                #expect(try run.json()["method"] as? String == "ptrace")
                _ = try SnapshotText(directory("a.heapsnapshot"))
            }
            #expect(ForkedCopies.children(of: target.pid) == [])
            #expect(target.child.poll() == nil && !target.wasSignalled)
        }
    }

    /// Nobody has to ask for it by name.
    @Test(arguments: Node.supported)
    func isChosenWhereTheInspectorCannotBeHad(node: Node) throws {
        try TemporaryDirectory.with { directory in
            try Target.with("idle-server.js", node, options: ["--no-addons"]) { target in
                let run = try Heapdump.run(["\(target.pid)", "--json", "-o", "a.heapsnapshot"], in: directory)
                run.expect(exit: 0)
                #expect(try run.json()["method"] as? String == "ptrace")
                #expect(!target.wasSignalled)
            }
        }
    }

    @Test(arguments: Node.each)
    func dumpsTheWorkerThatIsAskedFor(node: Node) throws {
        try Target.with("workers-with-own-classes.js", node) { target in
            let ids = try #require(target.facts["ids"] as? [Int])
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(
                    ["\(target.pid)", "--thread", "\(ids[1])", "-m", "ptrace", "-o", "a.heapsnapshot"], in: directory)
                run.expect(exit: 0)
                let snapshot = try SnapshotText(directory("a.heapsnapshot"))
                #expect(try snapshot.ids(ofClass: "InSecond").count == 300)
                #expect(try snapshot.ids(ofClass: "InFirst").isEmpty && snapshot.ids(ofClass: "InMain").isEmpty)
                let missing = try Heapdump.run(["\(target.pid)", "--thread", "77", "-m", "ptrace", "--json"])
                missing.expect(exit: 69)
                try missing.expect(code: "no-such-worker")
            }
            try target.expectBackToNormal()
        }
    }

    @Test(arguments: Namespaces.allCases)
    func dumpsInNamespaces(_ namespaces: Namespaces) throws {
        try Requirement.root()
        let command = Command(namespaces.launcher + [try Node.v26.path(), "\(Package.targets)/idle-server.js"])
        try Target.with(command) { target in
            let pid = namespaces.hasOwnPids ? try target.child.pidOfReadyChild() : target.pid
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(pid)", "-m", "ptrace", "-o", "a.heapsnapshot"], in: directory)
                run.expect(exit: 0)
                _ = try SnapshotText(directory("a.heapsnapshot"))
            }
            #expect(ForkedCopies.children(of: pid) == [])
        }
    }

    /// Neither side has any rights beside the user's own.
    @Test(arguments: Node.supported)
    func dumpsAnotherUsersOwn(node: Node) throws {
        try Requirement.root()
        try TemporaryDirectory.with { directory in
            chmod(directory.path, 0o777)
            try Target.with("idle-server.js", node, user: .nobody) { target in
                let run = try Heapdump.run(
                    ["\(target.pid)", "-m", "ptrace", "-o", "a.heapsnapshot"], in: directory, user: .nobody)
                run.expect(exit: 0)
                try target.expectBackToNormal()
            }
        }
    }

    @Test(arguments: Node.forMusl)
    func dumpsOnMusl(release: String) throws {
        let command = Command([try Node.path(release), "\(Package.targets)/idle-server.js"])
        try Target.with(command) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-m", "ptrace", "-o", "a.heapsnapshot"], in: directory)
                run.expect(exit: 0)
            }
            #expect(ForkedCopies.children(of: target.pid) == [])
        }
    }

    /// An allocator that is not the C library's: nothing is called while the thread is in it.
    @Test(arguments: ["libjemalloc.so.2", "libtcmalloc_minimal.so.4", "libmimalloc.so.2.0"])
    func dumpsUnderOtherAllocators(library: String) throws {
        let launcher = ["env", "LD_PRELOAD=\(library)"]
        try Target.with("makes-garbage.js", .v26, arguments: ["3000"], launcher: launcher) { target in
            try #require(try memoryMap(target.pid).contains { $0.contains(library) }, "\(target.child.stderr.text)")
            for _ in 0..<3 {
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(
                        ["\(target.pid)", "-m", "ptrace", "-o", "a.heapsnapshot"], in: directory)
                    run.expect(exit: 0)
                    let snapshot = try SnapshotText(directory("a.heapsnapshot"))
                    #expect(try snapshot.ids(ofClass: "KnownObject").count == 3000)
                }
            }
            #expect(target.child.poll() == nil)
            #expect(ForkedCopies.children(of: target.pid) == [])
        }
    }

    /// Where nothing names Node's functions, an idle event loop is told by its system call.
    @Test(arguments: Node.supported)
    func dumpsAStrippedNode(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let stripped = directory("node")
            let strip = try Command(["strip", "-o", stripped, try node.path()]).run(within: .seconds(120))
            try #require(strip.ending == .exited(0), "\(strip)")
            try Target.with(Command([stripped, "\(Package.targets)/idle-server.js"])) { target in
                let run = try Heapdump.run(["\(target.pid)", "-m", "ptrace", "-o", "a.heapsnapshot"], in: directory)
                run.expect(exit: 0)
                try target.expectBackToNormal()
            }
        }
    }

    /// In functions without names a read may be anywhere: it is left alone, or forked where the user knows better.
    @Test func forksWhereNothingSaysThatItIsSafeOnlyIfAsked() throws {
        try TemporaryDirectory.with { directory in
            let fifo = directory("fifo")
            let stripped = directory("node")
            #expect(mkfifo(fifo, 0o600) == 0)
            let strip = try Command(["strip", "-o", stripped, try Node.v26.path()]).run(within: .seconds(120))
            try #require(strip.ending == .exited(0), "\(strip)")
            let row = [stripped, "\(Package.targets)/works-until-told.js", "\(Self.known)", "read", fifo]
            try Target.with(Command(row)) { target in
                let take = ["\(target.pid)", "-m", "ptrace", "--wait", "1", "--json", "-o", "a.heapsnapshot"]
                let refused = try Heapdump.run(take, in: directory)
                refused.expect(exit: 75)
                try refused.expect(code: "no-safe-point")
                let run = try Heapdump.run(take + ["--unsafe-stop"], in: directory)
                run.expect(exit: 0)
                run.expect(saying: "--unsafe-stop")
                #expect(try SnapshotText(directory("a.heapsnapshot")).ids(ofClass: "KnownObject").count == Self.known)
                try Data("go".utf8).write(to: URL(fileURLWithPath: fifo))
                try eventually("process \(target.pid) reads on: \(target.child.stderr.text)") {
                    target.child.stdout.text.contains("\"wrong\":0")
                }
            }
        }
    }

    /// It goes on whatever moment heapdump is killed at, and the next dump clears away what was left.
    @Test(arguments: Node.each)
    func aKilledHeapdumpLeavesTheProcessRunning(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                for _ in 0..<10 {
                    try Heapdump.command(
                        ["\(target.pid)", "-m", "ptrace", "-o", "killed.heapsnapshot"], in: directory.path
                    )
                    .withChild { heapdump in
                        usleep(.random(in: 0..<200_000))
                        kill(heapdump.pid, SIGKILL)
                    }
                    #expect(target.child.poll() == nil, "\(target.child.stderr.text)")
                }
                try eventually("the copies of \(target.pid) have ended") {
                    !target.copies.contains(where: ForkedCopies.isAtWork)
                }
                let run = try Heapdump.run(["\(target.pid)", "-m", "ptrace", "-o", "a.heapsnapshot"], in: directory)
                run.expect(exit: 0)
                #expect(ForkedCopies.children(of: target.pid) == [])
                #expect(try visits(target.pid) == [])
            }
            try target.expectBackToNormal()
        }
    }

    @Test func isRuledOutByItsOption() throws {
        try Target.with("idle-server.js", .v26) { target in
            let run = try Heapdump.run(["\(target.pid)", "--dry-run", "--json", "--no-ptrace"])
            let refused = try run.json()["refused"] as? [[String: Any]] ?? []
            let codes = refused.filter { $0["method"] as? String == "ptrace" }.map { $0["reason_code"] as? String }
            #expect(codes == ["excluded-by-no-ptrace"])
            try Heapdump.run(["\(target.pid)", "-m", "ptrace", "--no-ptrace"]).expect(exit: 64)
        }
    }
}
