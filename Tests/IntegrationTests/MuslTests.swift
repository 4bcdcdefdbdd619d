import Foundation
import Testing

/// Node for musl instead of glibc, as Alpine Linux has it.
struct MuslTests {
    @Test(arguments: Node.forMusl, Way.allCases)
    func dumpsIt(release: String, way: Way) throws {
        let server = [try Node.path(release), "--inspect-port=0", "\(Package.targets)/idle-server.js"]
        try Target.with(Command(server)) { target in
            let row = try Listing()[target.pid]
            #expect(row?["libc"] as? String == "musl")
            // The second time the agent is there already.
            for _ in 0..<2 {
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["\(target.pid)", "--json"] + way.options, in: directory)
                    run.expect(exit: 0)
                    let report = try run.json()
                    #expect((report["target"] as? [String: Any])?["libc"] as? String == "musl")
                    let file = try #require(report["file"] as? String)
                    #expect(try SnapshotText(file).nodeCount > 1_000)
                    try Heapdump.run(["check", file]).expect(exit: 0)
                }
            }
            try target.expectBackToNormal()
        }
    }

    @Test func tellsGlibcFromIt() throws {
        try Target.with("idle-server.js", .v22) { target in
            let row = try Listing()[target.pid]
            #expect(row?["libc"] as? String == "glibc")
        }
    }
}
