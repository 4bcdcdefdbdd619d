import Foundation
import Testing

/// Programs of another user that cannot be looked at: the file system that they lie on answers no more.
struct SlowLookTests {
    @Test func aSearchGivesUpOneProgramAndGoesOn() throws {
        let name = uniqueName()
        try withHungProgram { hung in
            try Target.with("idle-server.js", .v26, arguments: [name]) { target in
                let list = try Listing()
                let row = try #require(list[hung.pid])
                #expect((row["error"] as? String)?.contains("could not be looked at within") == true)
                #expect(row["user"] as? String != NSUserName())
                #expect(list[target.pid]?["node_version"] != nil)
                #expect(list[target.pid]?["error"] == nil)
                let text = try Heapdump.run(["list"])
                text.expect(exit: 0)
                // Programs of other tests may hang at the same time, and are named together with it.
                text.expect(saying: "\(hung.pid) (image, user ", "could not be looked at in time")
                #expect(text.row(of: hung.pid) != nil)
                try TemporaryDirectory.with { directory in
                    let run = try Heapdump.run(["-n", name, "-o", "a.heapsnapshot", "--json"], in: directory)
                    run.expect(exit: 0)
                    let warnings = try #require(try run.json()["warnings"] as? [String])
                    #expect(warnings.contains { $0.contains("\(hung.pid) (image") }, "\(run)")
                }
                let nothing = try Heapdump.run(["-n", uniqueName()])
                nothing.expect(exit: 66)
                nothing.expect(saying: "\(hung.pid) (image", "may be Node")
                try target.expectBackToNormal()
            }
        }
    }

    @Test func aTimeoutEndsTheLook() throws {
        try withHungProgram { hung in
            for arguments in [["\(hung.pid)"], ["-n", uniqueName()], ["\(hung.pid)", "--dry-run"]] {
                let run = try Heapdump.run(arguments + ["--timeout", "1"])
                run.expect(exit: 75)
                run.expect(saying: "timed out after 1 s while looking at the process")
            }
        }
    }

    @Test func ctrlCEndsTheLook() throws {
        try withHungProgram { hung in
            for arguments in [["\(hung.pid)"], ["-n", uniqueName()]] {
                try Heapdump.command(arguments, in: "/tmp").withChild { heapdump in
                    // It looks at the program, and has its signals blocked.
                    try eventually("heapdump looks: \(heapdump.stderr.text)") {
                        let status = try String(contentsOfFile: "/proc/\(heapdump.pid)/status", encoding: .utf8)
                        let blocked = status.split(separator: "\n").first { $0.hasPrefix("SigBlk:") }?.split(
                            separator: "\t"
                        ).last
                        return (blocked.flatMap { UInt64($0, radix: 16) } ?? 0) & 2 != 0
                    }
                    heapdump.send(SIGINT)
                    let run = try heapdump.finish()
                    run.expect(exit: 130)
                    run.expect(saying: "ended by SIGINT while looking at the process")
                }
            }
        }
    }

    /// Runs a program that looks like Node from a file system whose server answers no more once it runs.
    private func withHungProgram(_ body: (Child) throws -> Void) throws {
        try Requirement.root()
        if !FileManager.default.fileExists(atPath: "/dev/fuse") { try Test.cancel("this kernel has no FUSE") }
        try TemporaryDirectory.with { directory in
            let source = CProgram.node + CProgram.main + "int main(void) { return run(); }"
            try CProgram.build("hostile", source, ["-rdynamic"], in: directory)
            // Pages that were read when it was started stay in memory: what heapdump looks for lies beyond these.
            let inflate = ["python3", "\(Package.root)/Tests/Launchers/inflate-section.py", "hostile", ".rodata"]
            try Command(inflate, in: directory.path).run().expect(exit: 0)
            try CCompiler.makeProgram(directory("serve"), of: "stops-serving.c")
            for path in [directory.path, directory("mount")] {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                chmod(path, 0o755)
            }
            let server = Command([directory("serve"), directory("hostile"), directory("mount")])
            try server.withChild { server in
                try eventually("a mount: \(server.stderr.text)") {
                    if let ending = server.poll() { throw Failure("\(server.command) ended: \(ending)") }
                    return server.stdout.text.hasPrefix("ready")
                }
                defer { umount2(directory("mount"), 2) }  // MNT_DETACH
                try Command([directory("mount/image")], user: .nobody).withChild { hung in
                    try eventually("it runs: \(hung.stderr.text)") { hung.stdout.text == "ready\n" }
                    try server.write("stop")
                    try body(hung)
                }
            }
        }
    }
}
