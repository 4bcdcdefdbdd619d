import Foundation
import Testing

/// Where the database of `heapdump export` may go, and what is left if it cannot.
struct ExportOutputTests {
    @Test func refusesWhatIsThere() throws {
        try Snapshots.leak(.v24) { file, directory in
            try Data("mine".utf8).write(to: URL(fileURLWithPath: directory("a.db")))
            // Before there is work to lose: the snapshot was not looked into yet.
            try Data("no snapshot".utf8).write(to: URL(fileURLWithPath: directory("other")))
            let refused = try Heapdump.run(["export", "other", "--sqlite", "a.db"], in: directory)
            refused.expect(exit: 73)
            refused.expect(saying: "a.db", "--overwrite", "--sqlite")
            #expect(try String(contentsOfFile: directory("a.db"), encoding: .utf8) == "mine")
            try Heapdump.run(["export", file, "--sqlite", "a.db", "--overwrite"], in: directory).expect(exit: 0)
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: directory("a.db"))).starts(with: Data("SQLite format 3".utf8))
            )
            #expect(directory.contents == ["a.db", file, "other"])
        }
    }

    @Test(arguments: [[], ["--overwrite"]])
    func writesThroughNothing(options: [String]) throws {
        try RefusedResults.expect { ["export", $0, "--sqlite", $1] + options }
    }

    /// Whatever the umask says, and also if it replaces a file that all could read.
    @Test(arguments: ["0", "777"], [[], withoutNamelessFiles])
    func isItsOwnersAlone(umask: String, launcher: [String]) throws {
        try Snapshots.leak(.v20) { file, directory in
            for command in [["export", file, "--sqlite"], ["report", file, "-o"]] {
                try Data().write(to: URL(fileURLWithPath: directory("old")))
                chmod(directory("old"), 0o666)
                let row = ["sh", "-c", "umask \(umask); exec \"$@\"", "sh"] + launcher + [Heapdump.binary] + command
                for name in ["new", "old"] {
                    try Command(row + [name, "--overwrite"], in: directory.path).run().expect(exit: 0)
                    let attributes = try FileManager.default.attributesOfItem(atPath: directory(name))
                    #expect(attributes[.posixPermissions] as? Int == 0o600, "\(command) \(name)")
                }
                try FileManager.default.removeItem(atPath: directory("new"))
            }
        }
    }

    /// Two that write to one name: one of them has it, and the other one says so.
    @Test(arguments: [[], withoutNamelessFiles])
    func leavesAFileThatAppearedMeanwhile(launcher: [String]) throws {
        try withLargeHeap { file, directory in
            let row = launcher + [Heapdump.binary, "export", file, "--sqlite", "a.db"]
            try Command(row, in: directory.path).withChild { child in
                try eventually("it writes: \(child.stderr.text)") { try child.bytesWritten() > 1 << 20 }
                try Data("theirs".utf8).write(to: URL(fileURLWithPath: directory("a.db")))
                let run = try child.finish()
                run.expect(exit: 73)
                run.expect(saying: "/a.db appeared while heapdump worked", "--sqlite", "--overwrite")
                #expect(run.stdout.isEmpty, "\(run)")
            }
            #expect(directory.contents == ["a.db"])
            #expect(try String(contentsOfFile: directory("a.db"), encoding: .utf8) == "theirs")
        }
    }

    /// While rows are written, and while an index is sorted, in a temporary file.
    @Test(arguments: ["2m", "16m", "40m"])
    func leavesNothingOnAFullDisk(size: String) throws {
        try Snapshots.leak(.v24) { file, directory in
            try FileSystem.with("size=\(size)") { disk in
                let run = try Heapdump.run(["export", directory(file), "--sqlite", "a.db"], in: disk)
                run.expect(exit: 73)
                run.expect(
                    saying: "heapdump: cannot write to a.db: ", String(cString: strerror(ENOSPC)), "--sqlite")
                #expect(run.stdout.isEmpty && disk.contents.isEmpty, "\(run)")
            }
        }
    }

    @Test func leavesNothingAtALimitOfFileSizes() throws {
        try Snapshots.leak(.v24) { file, directory in
            let limit = "ulimit -f 8000; exec \"$0\" export \(file) --sqlite a.db"
            let run = try Command(["bash", "-c", limit, Heapdump.binary], in: directory.path).run()
            run.expect(exit: 73)
            run.expect(saying: "ulimit -f")
            #expect(run.stdout.isEmpty && directory.contents == [file], "\(run)")
        }
    }

    /// As on file systems that know no nameless files.
    private static let withoutNamelessFiles = [
        "python3", "\(Package.root)/Tests/Launchers/filtered-calls.py", "EOPNOTSUPP", "openat:4194304",
    ]

    @Test func needsNoNamelessFiles() throws {
        try Snapshots.leak(.v24) { file, directory in
            let row = Self.withoutNamelessFiles + [Heapdump.binary, "export", file, "--sqlite", "a.db"]
            try Command(row, in: directory.path).run().expect(exit: 0)
            #expect(directory.contents == ["a.db", file])
        }
    }

    /// A heap whose database takes long enough to be interrupted.
    private func withLargeHeap(_ body: (String, TemporaryDirectory) throws -> Void) throws {
        try TemporaryDirectory.with { source in
            let shape = ["random", "--nodes", "300000", "--edges", "6"]
            let snapshot = try SyntheticSnapshot(shape, in: source)
            try TemporaryDirectory.with { try body(snapshot.path, $0) }
        }
    }

    @Test func leavesNothingOnASignal() throws {
        try withLargeHeap { file, directory in
            for (signal, launcher) in [
                (SIGINT, []), (SIGTERM, []), (SIGINT, Self.withoutNamelessFiles), (SIGHUP, Self.withoutNamelessFiles),
            ] {
                let row = launcher + [Heapdump.binary, "export", file, "--sqlite", "a.db"]
                try Command(row, in: directory.path).withChild { child in
                    try eventually("it writes: \(child.stderr.text)") { try child.bytesWritten() > 1 << 20 }
                    #expect(directory.contents.count == (launcher.isEmpty ? 0 : 1))
                    child.send(signal)
                    let run = try child.finish()
                    #expect(run.ending == .exited(128 + signal), "\(run)")
                    #expect(run.stdout.isEmpty && run.stderr.isEmpty, "\(run)")
                }
                #expect(directory.contents.isEmpty)
            }
        }
    }

    /// One that was ignored when it was started, as by nohup, stays so; and progress is told meanwhile.
    @Test func letsIgnoredSignalsBe() throws {
        try withLargeHeap { file, directory in
            let terminal = try Terminal()
            let script = "trap '' HUP; exec \"$0\" export \(file) --sqlite a.db"
            var command = Command(["sh", "-c", script, Heapdump.binary], in: directory.path)
            command.standardError = terminal.descriptor
            try command.withChild { child in
                try eventually("it writes") { try child.bytesWritten() > 1 << 20 }
                child.send(SIGHUP)
                try child.finish().expect(exit: 0)
            }
            #expect(directory.contents == ["a.db"])
            terminal.read()
            #expect(terminal.text.contains(": writing references"), "\(terminal.text)")
        }
    }

    /// While it reads, too.
    @Test func endsWhileItWaitsForASnapshot() throws {
        try TemporaryDirectory.with { directory in
            try Heapdump.command(["export", "-", "--sqlite", "a.db"], in: directory.path).withChild { child in
                try eventually("signals are handled") {
                    let status = try String(contentsOfFile: "/proc/\(child.pid)/status", encoding: .utf8)
                    // SIGHUP, SIGINT and SIGTERM.
                    return status.contains(/SigBlk:\t[0-9a-f]*4003\n/)
                }
                child.send(SIGTERM)
                let run = try child.finish()
                #expect(run.ending == .exited(128 + SIGTERM), "\(run)")
            }
            #expect(directory.contents.isEmpty)
        }
    }

    /// The only snapshot of a leak is not replaced by what is said of it, whatever it is called.
    @Test func neverReplacesTheSnapshotThatIsRead() throws {
        try Snapshots.leak(.v24) { file, directory in
            let size = try SnapshotText(directory(file)).bytes
            try FileManager.default.linkItem(atPath: directory(file), toPath: directory("again"))
            let rows = [
                ["export", file, "--sqlite", file], ["export", file, "--sqlite", "again"],
                ["report", file, "-o", file], ["report", file, "--base", "again", "-o", "again"],
            ]
            for row in rows {
                let run = try Heapdump.run(row + ["--overwrite"], in: directory)
                run.expect(exit: 64)
                run.expect(saying: "it is the snapshot that is read")
                #expect(try SnapshotText(directory(file)).bytes == size)
            }
            try Heapdump.run(["export", file, "--sqlite", ""], in: directory).expect(exit: 64)
            try Heapdump.run(["report", file, "-o", ""], in: directory).expect(exit: 64)
        }
    }

    /// SQLite would play the log of the former database into the new one.
    @Test(arguments: ["-wal", "-shm", "-journal"])
    func replacesNoDatabaseThatIsInUse(ending: String) throws {
        try Snapshots.leak(.v24) { file, directory in
            for name in ["a.db", "a.db" + ending] {
                try Data("x".utf8).write(to: URL(fileURLWithPath: directory(name)))
            }
            let run = try Heapdump.run(["export", file, "--sqlite", "a.db", "--overwrite"], in: directory)
            run.expect(exit: 73)
            run.expect(saying: "a.db" + ending, "in use")
            #expect(try Data(contentsOf: URL(fileURLWithPath: directory("a.db"))) == Data("x".utf8))
        }
    }

    /// In a directory such as /tmp, what belongs to another user cannot be replaced.
    @Test func leavesNothingWhereItCannotReplace() throws {
        try Requirement.root()
        try Snapshots.leak(.v24) { file, directory in
            for (path, mode) in [("", 0o1777), (file, 0o644)] { chmod(directory(path), mode_t(mode)) }
            try Data("x".utf8).write(to: URL(fileURLWithPath: directory("a.db")))
            chmod(directory("a.db"), 0o666)
            let command = [Heapdump.binary, "export", file, "--sqlite", "a.db", "--overwrite"]
            let run = try Command(command, in: directory.path, user: .nobody).run()
            run.expect(exit: 73)
            #expect(directory.contents == ["a.db", file], "\(run)")
        }
    }
}
