import Foundation
import Testing

/// Where the process writes, and where the snapshot goes from there.
struct SignalDumpPlaceTests {
    @Test(arguments: Node.supported)
    func movesItAcrossFileSystems(node: Node) throws {
        try FileSystem.with("size=64m") { disk in
            try DumpingTarget.with(node, "leaks-named-class.js") { target, its in
                let run = try Heapdump.run(["\(target.pid)", "-m", "signal"], in: disk)
                run.expect(exit: 0)
                #expect(disk.contents.map { disk($0) } == [run.path])
                #expect(try SnapshotText(run.path).ids(ofClass: "LeakedSession").count == 1234)
                #expect(its.contents.isEmpty)
                try target.expectUntouched()
            }
        }
    }

    /// The file of another user's process becomes ours, also on the same file system.
    @Test(arguments: Node.supported)
    func ownsWhatAnotherUsersProcessWrote(node: Node) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(try node.path())
        try Requirement.isReadableByAll("\(Package.targets)/idle-server.js")
        try DumpingTarget.with(node, user: .nobody) { target, its in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "-m", "signal"], in: directory)
                run.expect(exit: 0)
                let attributes = try FileManager.default.attributesOfItem(atPath: run.path)
                #expect(attributes[.ownerAccountID] as? Int == Int(geteuid()))
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
            #expect(its.contents.isEmpty)
            try target.expectUntouched()
        }
    }

    /// What was paid for with a pause is not thrown away.
    @Test(arguments: Node.supported)
    func leavesTheSnapshotWhereItCannotBeMoved(node: Node) throws {
        try FileSystem.with("size=1536k") { disk in
            try DumpingTarget.with(node) { target, its in
                let run = try Heapdump.run(["\(target.pid)", "-m", "signal"], in: disk)
                run.expect(exit: 73)
                run.expect(saying: "is whole, and stays as", its.path)
                #expect(disk.contents.isEmpty)
                let left = try #require(its.snapshots.first)
                try Heapdump.run(["check", its(left)]).expect(exit: 0)
                try target.expectUntouched()
            }
        }
    }

    /// Node ends itself where it cannot write the snapshot.
    @Test(arguments: Node.supported)
    func sendsNothingWhereTheDiskIsFull(node: Node) throws {
        try FileSystem.with("size=8m") { disk in
            try DumpingTarget.with(node, in: disk) { target in
                try target.expectRefusal(["-m", "signal"], saying: "MiB free", "not sent")
                #expect(disk.contents.isEmpty)
            }
        }
    }

    @Test(arguments: Node.supported)
    func sendsNothingWhereTheWorkingDirectoryWasRemoved(node: Node) throws {
        try DumpingTarget.with(node) { target, its in
            try FileManager.default.removeItem(atPath: its.path)
            try target.expectRefusal(["-m", "signal"], saying: "was removed", its.path)
        }
    }

    /// What comes through the inspector needs no directory.
    @Test(arguments: Node.supported, Way.allCases)
    func dumpsAProcessWhoseWorkingDirectoryWasRemoved(node: Node, way: Way) throws {
        try DumpingTarget.with(node) { target, its in
            try FileManager.default.removeItem(atPath: its.path)
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)"] + way.options, in: directory)
                run.expect(exit: 0)
                #expect(directory.snapshots.count == 1)
            }
            try target.expectBackToNormal()
        }
    }

    @Test(arguments: Node.supported)
    func sendsNothingWhereTheDiagnosticDirectoryIsMissing(node: Node) throws {
        let options = DumpingTarget.options + ["--diagnostic-dir=/nonexistent/diagnostic"]
        try DumpingTarget.with(node, options: options) { target, _ in
            try target.expectRefusal(["-m", "signal"], saying: "/nonexistent/diagnostic", "does not exist")
        }
    }

    @Test(arguments: Node.supported)
    func sendsNothingWhereTheProcessMayNotWrite(node: Node) throws {
        try Requirement.root()
        try Requirement.isReadableByAll(try node.path())
        try Requirement.isReadableByAll("\(Package.targets)/idle-server.js")
        try TemporaryDirectory.with { its in
            chmod(its.path, 0o755)
            try DumpingTarget.with(node, in: its, user: .nobody) { target in
                try target.expectRefusal(["-m", "signal"], saying: its.path, "Permission denied")
            }
        }
    }

    @Test(arguments: Node.supported)
    func sendsNothingWhereFilesAreLimited(node: Node) throws {
        try TemporaryDirectory.with { its in
            let launcher = ["/usr/bin/env", "-C", its.path, "prlimit", "--fsize=1000000:1000000"]
            try Target.with("idle-server.js", node, options: DumpingTarget.options, launcher: launcher) { target in
                try target.expectRefusal(["-m", "signal"], saying: "1000000 bytes", "ulimit -f")
            }
        }
    }

    /// inotify's instances are limited for each user.
    @Test(arguments: Node.supported)
    func needsNoInotify(node: Node) throws {
        try Requirement.root()
        for path in [try node.path(), "\(Package.targets)/idle-server.js", Heapdump.binary] {
            try Requirement.isReadableByAll(path)
        }
        let hog = """
            import ctypes, sys
            libc = ctypes.CDLL(None)
            while libc.inotify_init() >= 0: pass
            print("full", flush=True)
            sys.stdin.read()
            """
        try Command(["python3", "-c", hog], user: .nobody).withChild { hog in
            try eventually("all inotify instances are taken: \(hog.stderr.text)") { hog.stdout.text.contains("full") }
            try DumpingTarget.with(node, user: .nobody) { target, its in
                try TemporaryDirectory.with { directory in
                    chmod(directory.path, 0o777)
                    let run = try Heapdump.run(["\(target.pid)", "-m", "signal"], in: directory, user: .nobody)
                    run.expect(exit: 0)
                    #expect(directory.snapshots.count == 1)
                }
                #expect(its.contents.isEmpty)
                try target.expectUntouched()
            }
        }
    }
}
