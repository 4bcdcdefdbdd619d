import Foundation
import Testing

/// What the application could notice of a copy, and DevTools of two.
struct ForkSideEffectTests {
    /// A copy is no child to whoever waits for any, and ends without SIGCHLD.
    @Test(arguments: Node.supported)
    func leavesTheApplicationsChildrenToIt(node: Node) throws {
        try Target.with("counts-event-loop-gaps.js", node, arguments: ["8"]) { target in
            for _ in 0..<3 { try Heapdump.run(["\(target.pid)", "-m", "fork"]).expect(exit: 0) }
            let count = 5
            try TemporaryDirectory.with { directory in
                try Heapdump.command(["\(target.pid)", "-m", "fork"], in: directory.path).withChild { child in
                    _ = try target.awaitCopy()
                    for _ in 0..<count { _ = try target.get("/spawn") }
                    try eventually("the end of heapdump: \(child.stderr.text)") { child.poll() != nil }
                    #expect(child.poll() == .exited(0), "\(child.stderr.text)")
                }
            }
            let all = Array(repeating: "3/null", count: count).joined(separator: " ")
            try eventually("the ends of all children") { try target.get("/exits") == all }
            let signals = try #require(Int(target.get("/sigchld")))
            #expect(signals <= count, "the application was told of \(signals) ends of \(count) children")
        }
    }

    /// DevTools compares two snapshots by the ids of their objects; the README says that these do not match.
    @Test func givesNoObjectTheSameIDTwice() throws {
        try Target.with("leaks-named-class.js", .v24, arguments: ["2000"]) { target in
            try TemporaryDirectory.with { directory in
                for name in ["a.heapsnapshot", "b.heapsnapshot"] {
                    try Heapdump.run(["\(target.pid)", "-m", "fork", "-o", name], in: directory).expect(exit: 0)
                }
                let first = try SnapshotText(directory("a.heapsnapshot")).ids(ofClass: "LeakedSession")
                let second = try SnapshotText(directory("b.heapsnapshot")).ids(ofClass: "LeakedSession")
                #expect(first.count == 2000 && second.count == 2000)
                #expect(first != second)
            }
        }
    }
}
