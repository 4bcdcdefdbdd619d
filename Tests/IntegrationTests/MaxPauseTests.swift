import Foundation
import Testing

/// --max-pause: a snapshot in the process itself is not taken where JavaScript would stand still for longer.
struct MaxPauseTests {
    private let options = ["--inspect-port=0", "--no-addons"]

    @Test(arguments: Node.supported)
    func leavesTheProcessAloneWhereThePauseIsTooLong(node: Node) throws {
        try Target.with("big-heap-server.js", node, options: options, arguments: ["10"]) { target in
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--no-ptrace", "--max-pause", "0.2"], in: directory)
                run.expect(exit: 69)
                run.expect(saying: "longer than --max-pause 0.2 allows", "--max-pause unlimited")
                #expect(directory.contents.isEmpty)
                try target.expectBackToNormal()
                // Who names the way, or any pause, has decided.
                for arguments in [["-m", "inspector"], ["--max-pause", "unlimited"], ["--max-pause", "1000"]] {
                    try Heapdump.run(["\(target.pid)", "-q", "--no-ptrace"] + arguments, in: directory).expect(exit: 0)
                }
                #expect(directory.contents.count == 3)
                try target.expectBackToNormal(requests: 2)
            }
        }
    }

    /// A copy stops nobody.
    @Test(arguments: Node.supported)
    func doesNotConcernACopy(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            let run = try Heapdump.run(["\(target.pid)", "--max-pause", "0.001", "--json"])
            run.expect(exit: 0)
            #expect(try run.json()["method"] as? String == "fork")
            try target.expectBackToNormal()
        }
    }

    @Test(arguments: Node.supported)
    func sendsNoDumpSignalWhereThePauseIsTooLong(node: Node) throws {
        try DumpingTarget.with(node) { target, its in
            try target.expectRefusal(["--no-inspector", "--max-pause", "0.001"], saying: "--max-pause")
            #expect(its.contents.isEmpty)
        }
    }
}
