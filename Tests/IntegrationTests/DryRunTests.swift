import Foundation
import Testing

struct DryRunTests {
    @Test(arguments: Node.supported)
    func saysWhatWouldBeDoneAndDoesNothing(node: Node) throws {
        try DumpingTarget.with(node) { target, its in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--dry-run"], in: directory)
                run.expect(exit: 0)
                #expect(run.stderr.isEmpty, "\(run)")
                for text in [
                    "1. fork: ", "2. ptrace: ", "3. inspector: ", "4. signal SIGUSR2: ", " ms\n", "snapshot: at most ",
                    ", room for ",
                    "output: \(directory.path)/",
                ] {
                    #expect(run.stdout.contains(text), "\(run)")
                }
                #expect(directory.contents.isEmpty)
            }
            #expect(its.contents.isEmpty)
            try target.expectUntouched()
        }
    }

    @Test(arguments: Node.supported)
    func printsItAsJSON(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                let arguments = ["\(target.pid)", "--dry-run", "--json", "-o", "a.heapsnapshot"]
                let run = try Heapdump.run(arguments, in: directory)
                run.expect(exit: 0)
                let report = try run.json()
                let plan = try #require(report["plan"] as? [[String: Any]])
                #expect(plan.map { $0["method"] as? String } == ["fork", "ptrace", "inspector"])
                for step in plan where step["method"] as? String != "ptrace" {
                    #expect((step["reason"] as? String)?.contains("SIGUSR1") == true, "\(step)")
                }
                let pauses = plan.compactMap { $0["pause_at_most_seconds"] as? Double }
                #expect(
                    pauses.count == 3 && pauses[0] > 0 && pauses[0] == pauses[1] && pauses[0] < pauses[2] / 10,
                    "\(pauses)")
                #expect(report["pause_at_most_seconds"] as? Double == pauses.first)
                let refused = try #require(report["refused"] as? [[String: String]])
                #expect(refused.map { $0["method"] } == ["signal"])
                #expect(report["output"] as? String == directory("a.heapsnapshot"))
                #expect(report["output_room_bytes"] as? Int ?? 0 > 1 << 20)
                #expect(report["snapshot_bytes_at_most"] as? Int ?? 0 > 1 << 20)
                #expect(report["seconds_estimated"] as? Double ?? 0 > 0)
                #expect(report["exit_code"] as? Int == 0)
                #expect((report["target"] as? [String: Any])?["pid"] as? Int == Int(target.pid))
                #expect(directory.contents.isEmpty)
            }
            try target.expectUntouched()
        }
    }

    @Test(arguments: Node.supported)
    func knowsAnOpenInspector(node: Node) throws {
        try Target.with("idle-server.js", node, options: ["--inspect=0"]) { target in
            let run = try Heapdump.run(["\(target.pid)", "--dry-run"])
            run.expect(exit: 0)
            let port = try #require(target.inspectors.first?.port)
            #expect(run.stdout.contains("port \(port)"), "\(run)")
            #expect(!target.child.stderr.text.contains("attached"))
        }
    }

    /// Without a copy, for how long JavaScript would stand still.
    @Test func tellsThePauseOfADumpInTheProcessItself() throws {
        try Target.with("idle-server.js", .v24, options: ["--inspect-port=0", "--no-addons"]) { target in
            let run = try Heapdump.run(["\(target.pid)", "--no-ptrace", "--dry-run"])
            run.expect(exit: 0)
            for text in ["1. inspector: ", "not fork: --no-addons", "pause: JavaScript would stand still for"] {
                #expect(run.stdout.contains(text), "\(run)")
            }
            try target.expectUntouched()
        }
    }

    @Test func saysWhyNothingWorks() throws {
        try Target.with("idle-server.js", .v24, options: ["--inspect-port=0", "--disable-sigusr1"]) { target in
            let run = try Heapdump.run(["\(target.pid)", "--no-ptrace", "--dry-run", "--json"])
            run.expect(exit: 69)
            run.expect(saying: "--disable-sigusr1", "--heapsnapshot-signal")
            let report = try run.json()
            #expect((report["plan"] as? [Any])?.isEmpty == true)
            #expect((report["refused"] as? [Any])?.count == 4)
            #expect(report["exit_code"] as? Int == 69)
            try target.expectUntouched()
        }
    }

    @Test func looksAtTheDestinationToo() throws {
        try Target.with("idle-server.js", .v24) { target in
            let run = try Heapdump.run(["\(target.pid)", "--dry-run", "-o", "/nonexistent/a.heapsnapshot"])
            run.expect(exit: 73)
            run.expect(saying: "/nonexistent")
            try target.expectUntouched()
        }
    }
}
