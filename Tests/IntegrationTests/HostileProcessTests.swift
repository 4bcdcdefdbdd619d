import Foundation
import Testing

/// Processes of other users that make heapdump read as much as they can, while it looks for another process.
struct HostileProcessTests {
    /// Sections of 64 GiB, in programs that look like Node but for these.
    @Test(arguments: [".rodata", ".dynsym", ".dynstr", ".interp", ".shstrtab"])
    func littleIsReadOfAHugeProgram(section: String) throws {
        try TemporaryDirectory.with { directory in
            try CProgram.build(
                "hostile", CProgram.node + CProgram.main + "int main(void) { return run(); }", ["-rdynamic"],
                in: directory)
            // By another process: a descriptor of ours that a test beside this one passes on to its child would keep the
            // program from being run.
            let inflate = ["python3", "\(Package.root)/Tests/Launchers/inflate-section.py", "hostile", section]
            try Command(inflate, in: directory.path).run().expect(exit: 0)
            let name = uniqueName()
            try CProgram.with("hostile", in: directory) { hostile in
                try Target.with("idle-server.js", .v26, arguments: [name]) { target in
                    for arguments in [["list", "--json"], ["-n", name, "--dry-run", "--json"]] {
                        let run = try expectFewReads(arguments, in: directory)
                        #expect(run.stdout.contains("\"pid\":\(target.pid),"), "\(run)")
                    }
                    try target.expectUntouched()
                }
                #expect(hostile.poll() == nil)
                #expect(hostile.stdout.text == "ready\n")
            }
        }
    }

    /// As many arguments as the kernel takes.
    @Test func aHugeCommandLineIsCut() throws {
        try TemporaryDirectory.with { directory in
            try CProgram.build(
                "hostile", CProgram.node + CProgram.main + "int main(void) { return run(); }", ["-rdynamic"],
                in: directory)
            let arguments = [String](repeating: "a", count: 120_000)
            try CProgram.with("hostile", arguments, in: directory) { hostile in
                let process = try #require(try Listing()[hostile.pid])
                #expect((process["command"] as? [String])?.count == 65_536)
            }
        }
    }

    private func expectFewReads(_ arguments: [String], in directory: TemporaryDirectory) throws -> Run {
        let launcher = ["python3", "\(Package.root)/Tests/Launchers/note-reads.py", directory("reads")]
        let run = try Command(launcher + [Heapdump.binary] + arguments, in: directory.path).run()
        run.expect(exit: 0)
        let bytes = try #require(Int(String(contentsOfFile: directory("reads"), encoding: .utf8)))
        // Of all processes of this machine together, which may run many versions of Node.
        #expect(bytes < 4 << 30, "\(bytes) bytes")
        return run
    }
}
