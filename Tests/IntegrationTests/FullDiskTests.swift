import Foundation
import Testing

struct FullDiskTests {
    @Test(arguments: Node.supported, Way.allCases)
    func leavesNothingWhereTheSnapshotDoesNotFit(node: Node, way: Way) throws {
        try FileSystem.with("size=1536k") { disk in
            try Target.with("idle-server.js", node) { target in
                let run = try Heapdump.run(["\(target.pid)", "--force-memory"] + way.options, in: disk)
                run.expect(exit: 73)
                run.expect(saying: String(cString: strerror(ENOSPC)))
                #expect(run.stdout.isEmpty)
                #expect(disk.contents.isEmpty)
                try target.awaitBackToNormal()
                try target.expectToServe()
            }
        }
    }

    /// V8 is asked how large its heap is, and nothing else is done.
    @Test(arguments: Node.supported, Way.allCases)
    func refusesADiskThatTheSnapshotDoesNotFitOn(node: Node, way: Way) throws {
        try FileSystem.with("size=1536k") { disk in
            try Target.with("idle-server.js", node) { target in
                let plan = try Heapdump.run(["\(target.pid)", "--dry-run"] + way.options, in: disk)
                plan.expect(exit: 0)
                #expect(plan.stdout.contains("room for 1.6 MB") && plan.stdout.contains("V8 would be asked"), "\(plan)")
                let run = try Heapdump.run(["\(target.pid)"] + way.options, in: disk)
                run.expect(exit: 73)
                run.expect(saying: "has room for 1.6 MB", "the snapshot takes", "--force-memory")
                #expect(disk.contents.isEmpty)
                try target.awaitBackToNormal()
                try target.expectToServe()
            }
        }
    }

    /// The quota is used up in the middle: with a file system that says so.
    @Test(arguments: Way.allCases)
    func leavesNothingWhereTheQuotaIsUsedUp(way: Way) throws {
        // The snapshot goes to the file in portions of 64 KiB or of what has come meanwhile; all else is shorter.
        let launcher = ["python3", "\(Package.root)/Tests/Launchers/filtered-calls.py", "EDQUOT", "write:60000"]
        try Target.with("idle-server.js", .v24) { target in
            try TemporaryDirectory.with { directory in
                let row = launcher + [Heapdump.binary, "\(target.pid)"] + way.options
                let run = try Command(row, in: directory.path).run()
                run.expect(exit: 73)
                run.expect(saying: "the disk quota is used up")
                #expect(directory.contents.isEmpty)
            }
            try target.awaitBackToNormal()
            try target.expectToServe()
        }
    }

    @Test func refusesAFullDiskBeforeTheProcessIsTouched() throws {
        try FileSystem.with("size=1536k") { disk in
            try Data(count: 1 << 20).write(to: URL(fileURLWithPath: disk("ballast")))
            try Target.with("idle-server.js", .v24) { target in
                let run = try Heapdump.run(["\(target.pid)"], in: disk)
                run.expect(exit: 73)
                run.expect(saying: "free some")
                #expect(disk.contents == ["ballast"])
                try target.expectUntouched()
            }
        }
    }

    @Test(arguments: Way.allCases)
    func keepsThePartialSnapshotWhereThatIsAsked(way: Way) throws {
        try FileSystem.with("size=1536k") { disk in
            try Target.with("idle-server.js", .v24) { target in
                let options = ["--force-memory", "--keep-partial", "-o", "a.heapsnapshot"] + way.options
                let run = try Heapdump.run(["\(target.pid)"] + options, in: disk)
                run.expect(exit: 73)
                run.expect(saying: "a.heapsnapshot.partial")
                #expect(disk.contents == ["a.heapsnapshot.partial"])
                let check = try Heapdump.run(["check", "a.heapsnapshot.partial"], in: disk)
                check.expect(exit: 65)
                #expect(check.stdout.contains("truncated"), "\(check)")
                try target.awaitBackToNormal()
            }
        }
    }
}
