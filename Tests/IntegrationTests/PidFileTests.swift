import Foundation
import Testing

struct PidFileTests {
    @Test(arguments: Node.supported)
    func dumpsTheProcessThatTheFileNames(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            try withFile("  \(target.pid)\n\n") { file, directory in
                try symlink(file, directory("link"))
                for path in [file, directory("link")] {
                    let run = try Heapdump.run(
                        ["--pid-file", path, "-o", "%p.heapsnapshot", "--overwrite"], in: directory)
                    run.expect(exit: 0)
                    #expect(run.path == directory("\(target.pid).heapsnapshot"))
                }
                try target.expectBackToNormal()
            }
        }
    }

    @Test(arguments: Node.supported)
    func namesTheFileWhoseProcessIsGone(node: Node) throws {
        let gone = try Target.with("idle-server.js", node) { $0.pid }
        try withFile("\(gone)\n") { file, directory in
            let run = try Heapdump.run(["--pid-file", file, "--json"], in: directory)
            run.expect(exit: 66)
            run.expect(saying: "no process \(gone)", "\(file) is out of date")
            #expect(try run.json()["exit_code"] as? Int == 66)
            #expect((try run.json()["error"] as? String)?.contains(file) == true)
        }
    }

    @Test func namesTheFileOfAProgramThatIsNotNode() throws {
        try Command(["sleep", "1000"]).withChild { child in
            try eventually("sleep runs") {
                try String(contentsOfFile: "/proc/\(child.pid)/comm", encoding: .utf8) == "sleep\n"
            }
            try withFile("\(child.pid)") { file, directory in
                let run = try Heapdump.run(["--pid-file", file], in: directory)
                run.expect(exit: 67)
                run.expect(saying: "sleep", file)
                #expect(child.poll() == nil)
            }
        }
    }

    @Test(arguments: ["", "\n", "node", "12 34", "12\n34\n", "-12", "0", "1.5", "99999999999", "  \u{1B}[31m"])
    func refusesWhatIsNoProcessID(text: String) throws {
        try withFile(text) { file, directory in
            let run = try Heapdump.run(["--pid-file", file], in: directory)
            run.expect(exit: 74)
            run.expect(saying: file)
            #expect(run.stdout.isEmpty)
            #expect(!run.stderr.contains("\u{1B}"))
        }
    }

    @Test func refusesALongFile() throws {
        try withFile(String(repeating: " ", count: 1 << 20) + "\(getpid())") { file, directory in
            try Heapdump.run(["--pid-file", file], in: directory).expect(exit: 74)
        }
    }

    @Test func refusesWhatItCannotRead() throws {
        try withFile("1") { file, directory in
            let run = try Heapdump.run(["--pid-file", file + ".missing"], in: directory)
            run.expect(exit: 74)
            run.expect(saying: "No such file")
            try Requirement.root()
            try Requirement.isReadableByAll(Heapdump.binary)
            chmod(directory.path, 0o755)
            chmod(file, 0o600)
            let refused = try Heapdump.command(["--pid-file", file], in: "/tmp", user: .nobody).run()
            refused.expect(exit: 74)
            refused.expect(saying: "Permission denied")
        }
    }

    /// Reading these would wait for ever, or never end.
    @Test(arguments: ["fifo", "/dev/zero", "/dev/tty", "."])
    func isNotHeldUp(path: String) throws {
        try TemporaryDirectory.with { directory in
            try #require(mkfifo(directory("fifo"), 0o600) == 0)
            let run = try Heapdump.run(["--pid-file", path], in: directory)
            run.expect(exit: 74)
            run.expect(saying: "not a regular file")
        }
    }

    private func withFile(_ text: String, _ body: (String, TemporaryDirectory) throws -> Void) throws {
        try TemporaryDirectory.with { directory in
            try Data(text.utf8).write(to: URL(fileURLWithPath: directory("app.pid")))
            try body(directory("app.pid"), directory)
        }
    }

    private func symlink(_ target: String, _ path: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }
}
