import Foundation
import Testing

struct FullDiskTests {
    @Test(arguments: Node.supported, Way.allCases)
    func leavesNothingWhereTheSnapshotDoesNotFit(node: Node, way: Way) throws {
        try FileSystem.with("size=1536k") { disk in
            try Target.with("idle-server.js", node) { target in
                let run = try Heapdump.run(["\(target.pid)"] + way.options, in: disk)
                run.expect(exit: 73)
                run.expect(saying: String(cString: strerror(ENOSPC)))
                #expect(run.stdout.isEmpty)
                #expect(disk.contents.isEmpty)
                try target.awaitBackToNormal()
                try target.expectToServe()
            }
        }
    }

    @Test func refusesAFullDiskBeforeTheProcessIsTouched() throws {
        try FileSystem.with("size=1536k") { disk in
            try Data(count: 1 << 20).write(to: URL(fileURLWithPath: disk("ballast")))
            try Target.with("idle-server.js", .v24) { target in
                let run = try Heapdump.run(["\(target.pid)"], in: disk)
                run.expect(exit: 73)
                run.expect(saying: "free")
                #expect(disk.contents == ["ballast"])
                try target.expectUntouched()
            }
        }
    }

    @Test(arguments: Way.allCases)
    func keepsThePartialSnapshotWhereThatIsAsked(way: Way) throws {
        try FileSystem.with("size=1536k") { disk in
            try Target.with("idle-server.js", .v24) { target in
                let options = ["--keep-partial", "-o", "a.heapsnapshot"] + way.options
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
