import Foundation
import Testing

/// Outputs that cannot be: all of them are found out before the process is touched.
struct RefusedOutputTests {
    /// What stands where the snapshot should go, as a shell makes it.
    @Test(arguments: [
        ("ln -s elsewhere OUT", "symbolic link"),
        ("touch there; ln -s there OUT", "symbolic link"),
        ("mkdir there; ln -s there OUT", "symbolic link"),
        ("mkfifo OUT", "FIFO"),
        ("ln -s /dev/null OUT", "symbolic link"),
        ("mknod OUT c 1 3", "device"),
        (
            "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"OUT\")'",
            "socket"
        ),
        ("touch OUT", "--overwrite"),
    ])
    func refusesWhatIsNoNewFile(preparation: String, named: String) throws {
        if preparation.hasPrefix("mknod") { try Requirement.root() }
        try TemporaryDirectory.with { directory in
            let made = try Command(["sh", "-c", preparation], in: directory.path).run()
            made.expect(exit: 0)
            try expectRefusal("OUT", in: directory, saying: named)
        }
    }

    @Test(arguments: [("nowhere/a.heapsnapshot", ENOENT), ("file/a.heapsnapshot", ENOTDIR), ("nowhere/", ENOENT)])
    func refusesADirectoryThatIsNone(output: String, error: Int32) throws {
        try TemporaryDirectory.with { directory in
            try Data().write(to: URL(fileURLWithPath: directory("file")))
            try expectRefusal(output, in: directory, saying: String(cString: strerror(error)))
        }
    }

    @Test func refusesAnExistingDevice() throws {
        try TemporaryDirectory.with { try expectRefusal("/dev/null", in: $0, saying: "device") }
    }

    @Test func refusesAReadOnlyFileSystem() throws {
        try FileSystem.with("ro") { disk in
            try expectRefusal("a.heapsnapshot", in: disk, saying: String(cString: strerror(EROFS)))
        }
    }

    @Test func refusesADirectoryOfSomebodyElse() throws {
        try Requirement.root()
        try Requirement.isReadableByAll(Heapdump.binary)
        try TemporaryDirectory.with { directory in
            chmod(directory.path, 0o755)
            try expectRefusal("a.heapsnapshot", in: directory, user: .nobody, saying: String(cString: strerror(EACCES)))
        }
    }

    @Test func replacesAFileWhereThatIsAsked() throws {
        try Target.with("idle-server.js", .v24) { target in
            try TemporaryDirectory.with { directory in
                let old = directory("a.heapsnapshot")
                try Data("old".utf8).write(to: URL(fileURLWithPath: old))
                chmod(old, 0o644)
                let run = try Heapdump.run(["\(target.pid)", "-o", "a.heapsnapshot", "--overwrite"], in: directory)
                run.expect(exit: 0)
                #expect(directory.contents == ["a.heapsnapshot"])
                #expect(try SnapshotText(old).nodeCount > 1000)
                #expect(try FileManager.default.attributesOfItem(atPath: old)[.posixPermissions] as? Int == 0o600)
            }
        }
    }

    private func expectRefusal(
        _ output: String, in directory: TemporaryDirectory, user: Command.User = .same, saying text: String
    ) throws {
        try Target.with("idle-server.js", .v24, user: user) { target in
            let before = directory.contents
            let run = try Heapdump.run(["\(target.pid)", "-o", output], in: directory, user: user)
            run.expect(exit: 73)
            run.expect(saying: text)
            #expect(run.stdout.isEmpty)
            #expect(directory.contents == before)
            try target.expectUntouched()
        }
    }
}
