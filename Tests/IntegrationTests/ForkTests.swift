import Foundation
import Testing

/// The dump by a forked copy, which is heapdump's first choice.
struct ForkTests {
    @Test(arguments: Node.supported)
    func dumpsWhileTheProcessGoesOn(node: Node) throws {
        try Target.with("counts-event-loop-gaps.js", node) { target in
            let before = Holdings(of: target.pid)
            _ = try target.get("/gap")
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(["\(target.pid)", "--json"], in: directory)
                run.expect(exit: 0)
                let report = try run.json()
                #expect(report["method"] as? String == "fork")
                #expect(report["forks"] as? Int == 1)
                #expect(report["thread"] as? Int == 0)
                let pause = try #require(report["pause_milliseconds"] as? Double)
                let milliseconds = try #require(report["milliseconds"] as? [String: Double])
                let taken = try #require(milliseconds["building"]) + (milliseconds["writing"] ?? 0)
                // On a machine with other work a gap is the scheduler's as well; the dump's own time would be all of it.
                let gap = try #require(Double(target.get("/gap")))
                #expect(pause < taken / 2 && gap < taken, "paused \(pause) ms, gap \(gap) ms, dump \(taken) ms")
                #expect(report["fork_peak_bytes"] as? Int ?? 0 > 10_000_000)
                let file = try #require(report["file"] as? String)
                #expect(try SnapshotText(file).ids(ofClass: "Record").count == target.facts["records"] as? Int)
            }
            try expectNothingLeft(target, before)
        }
    }

    /// A copy is no child to whoever waits for any, and ends without SIGCHLD.
    @Test(arguments: Node.supported)
    func leavesTheApplicationsChildrenToIt(node: Node) throws {
        try Target.with("counts-event-loop-gaps.js", node, arguments: ["8"]) { target in
            for _ in 0..<3 { try Heapdump.run(["\(target.pid)", "-m", "fork"]).expect(exit: 0) }
            let count = 5
            try TemporaryDirectory.with { directory in
                try Heapdump.command(["\(target.pid)", "-m", "fork"], in: directory.path).withChild { child in
                    _ = try ForkedCopies.await(of: target.pid)
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

    @Test(arguments: Node.supported)
    func dumpsEachThread(node: Node) throws {
        try Target.with("workers-with-own-classes.js", node) { target in
            let ids = try #require(target.facts["ids"] as? [Int])
            let classes = [0: ("InMain", 100), ids[0]: ("InFirst", 200), ids[1]: ("InSecond", 300)]
            try TemporaryDirectory.with { directory in
                let run = try Heapdump.run(
                    ["\(target.pid)", "--thread", "all", "-o", "%w.heapsnapshot"], in: directory)
                run.expect(exit: 0)
                #expect(Set(directory.contents) == Set(classes.keys.map { "\($0).heapsnapshot" }), "\(run)")
                for (thread, own) in classes {
                    let snapshot = try SnapshotText(directory("\(thread).heapsnapshot"))
                    for (name, count) in classes.values {
                        #expect(
                            try snapshot.ids(ofClass: name).count == (name == own.0 ? count : 0), "\(thread) \(name)")
                    }
                }
                let one = try Heapdump.run(
                    ["\(target.pid)", "--thread", "\(ids[1])", "-o", "one.heapsnapshot", "--json"], in: directory)
                one.expect(exit: 0)
                #expect(try one.json()["thread"] as? Int == ids[1])
                #expect(try SnapshotText(directory("one.heapsnapshot")).ids(ofClass: "InSecond").count == 300)
            }
            let missing = try Heapdump.run(["\(target.pid)", "--thread", "77"])
            missing.expect(exit: 69)
            missing.expect(saying: "no worker thread 77", "\(ids[0]), \(ids[1])")
            try target.expectBackToNormal()
        }
    }

    @Test(arguments: [
        ["--thread", "all", "-o", "one.heapsnapshot"], ["--thread", "all", "-o", "-"], ["--thread", "-1"],
        ["--thread", "2", "-m", "inspector"], ["--thread", "2", "--no-inspector"], ["--thread", "first"],
        ["--max-pause", "0"], ["--max-pause", "long"], ["-m", "fork", "--no-inspector"],
    ])
    func refusesWhatMakesNoSense(options: [String]) throws {
        try Heapdump.run(["1"] + options).expect(exit: 64)
    }

    private func expectNothingLeft(_ target: Target, _ before: Holdings) throws {
        try target.expectBackToNormal()
        // A thread that waited for the copy may just be ending.
        try eventually("process \(target.pid) holds what it held: \(before), now \(Holdings(of: target.pid))") {
            Holdings(of: target.pid) == before
        }
    }
}
