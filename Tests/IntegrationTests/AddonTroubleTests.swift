import Foundation
import Testing

/// What an application is told where its snapshot cannot be written, and what stays behind: nothing.
struct AddonTroubleTests {
    @Test(arguments: Node.supported)
    func tellsWhatFilesDoNotAllow(node: Node) throws {
        try TemporaryDirectory.with { directory in
            try FileManager.default.createSymbolicLink(
                atPath: directory("link.heapsnapshot"), withDestinationPath: "nowhere")
            #expect(mkfifo(directory("fifo.heapsnapshot"), 0o600) == 0)
            let contents = directory.contents
            let names = ["missing/a.heapsnapshot", ".", "link.heapsnapshot", "fifo.heapsnapshot", "/dev/null", ""]
            let told = try Addon.run("writes-snapshots.js", node, ["1"] + names, in: directory)
            told.expectCleanEnd(callbacks: 6)
            // None of them ever became the first of a queue.
            #expect(told.returned == [Bool](repeating: false, count: 6))
            #expect(told.values("isError") == [Bool](repeating: true, count: 6), "\(told.run)")
            #expect(
                told.values("code") == [
                    "ENOENT", "EISDIR", "ERR_HEAPDUMP_NOT_A_FILE", "ERR_HEAPDUMP_NOT_A_FILE", "ERR_HEAPDUMP_NOT_A_FILE",
                    "ENOENT",
                ])
            #expect(told.errors.first == "heapdump write error ENOENT")
            #expect(told.values("errno") == [-ENOENT, -EISDIR, -ENOENT].map(Int.init))
            for (index, word) in [(2, "symbolic link"), (3, "FIFO"), (4, "device")] {
                #expect(told.errors.dropFirst(index).first??.contains(word) == true, "\(told.run)")
            }
            #expect(directory.contents == contents)
        }
    }

    /// Whatever a child does, and whoever forgets it: its watchdog ends it, and no other takes its place.
    @Test(arguments: Node.supported)
    func theWatchdogEndsAChildThatNeverEnds(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let told = try Addon.run("writes-for-ever.js", node, [], in: directory)
            told.run.expect(exit: 0)
            #expect(told.facts.count == 1, "\(told.run)")
            #expect(told.values("signal") == [Int(SIGALRM)], "\(told.run)")
            #expect(told.values("attempts") == [1], "\(told.run)")
        }
    }

    @Test(arguments: Node.supported)
    func tellsThatTheDirectoryMayNotBeWritten(node: Node) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Addon.path() + "/heapdump.node")
        try TemporaryDirectory.with { directory in
            chmod(directory.path, 0o755)
            let told = try Addon.run(
                "writes-snapshots.js", node, ["1", "a.heapsnapshot", "-"], in: directory, user: .nobody)
            told.expectCleanEnd(callbacks: 2)
            #expect(told.errors == ["heapdump write error EACCES", "heapdump write error EACCES"])
            #expect(directory.contents.isEmpty)
        }
    }

    /// Node 18 says nothing of a write that failed.
    @Test(arguments: Node.supported)
    func tellsOfAFullDisk(node: Node) throws {
        try FileSystem.with("size=2m") { disk in
            try Data("an old one".utf8).write(to: URL(fileURLWithPath: disk("old.heapsnapshot")))
            let told = try Addon.run(
                "writes-snapshots.js", node, ["1", "a.heapsnapshot", "old.heapsnapshot"], in: disk)
            told.expectCleanEnd(callbacks: 2)
            #expect(told.returned == [true, true])
            #expect(told.errors == ["heapdump write error ENOSPC", "heapdump write error ENOSPC"])
            #expect(told.values("errno") == [-ENOSPC, -ENOSPC].map(Int.init))
            #expect(disk.contents == ["old.heapsnapshot"])
            #expect(try String(contentsOfFile: disk("old.heapsnapshot"), encoding: .utf8) == "an old one")
        }
    }

    @Test(arguments: Node.supported)
    func replacesAFileByAWholeSnapshot(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let file = directory("a.heapsnapshot")
            try Data("an old one".utf8).write(to: URL(fileURLWithPath: file))
            chmod(file, 0o644)
            let told = try Addon.run("writes-snapshots.js", node, ["19", file], in: directory)
            told.expectCleanEnd(callbacks: 1)
            #expect(told.errors == [nil])
            try Addon.expect(file, holds: 19)
            #expect(directory.contents == ["a.heapsnapshot"])
        }
    }

    @Test(arguments: Node.supported)
    func triesAgainWhereAForkCrashes(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let arguments = ["41", "a.heapsnapshot", "2", "SIGSEGV"]
            let told = try Addon.run("kills-forks.js", node, arguments, in: directory)
            told.expectCleanEnd(callbacks: 1)
            #expect(told.errors == [nil], "\(told.run)")
            let forks: [Int] = told.values("forks")
            #expect(forks.allSatisfy { $0 >= 3 }, "\(told.run)")
            try Addon.expect(directory("a.heapsnapshot"), holds: 41)
        }
    }

    /// SIGKILL is most often the kernel's, where memory is short: another fork would need as much of it.
    @Test(arguments: Node.supported, [("SIGSEGV", 4), ("SIGKILL", 1)])
    func givesUpWhereEachForkDies(node: Node, death: (signal: String, forks: Int)) throws {
        try TemporaryDirectory.with { directory in
            let arguments = ["41", "a.heapsnapshot", "99", death.signal]
            let told = try Addon.run("kills-forks.js", node, arguments, in: directory)
            told.expectCleanEnd(callbacks: 1)
            #expect(told.errors.first??.contains(death.signal) == true, "\(told.run)")
            #expect(told.values("code") == ["ERR_HEAPDUMP_CHILD"])
            #expect(told.values("forks") == [death.forks])
            #expect(directory.contents.isEmpty)
        }
    }

    @Test(arguments: Node.supported)
    func tellsThatItMayNotFork(node: Node) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Addon.path() + "/heapdump.node")
        try TemporaryDirectory.with { directory in
            chmod(directory.path, 0o777)
            let told = try Addon.run("may-not-fork.js", node, ["a.heapsnapshot"], in: directory, user: .nobody)
            told.expectCleanEnd(callbacks: 1)
            #expect(told.values("code") == ["EAGAIN"], "\(told.run)")
            #expect(directory.contents.isEmpty)
        }
    }
}
