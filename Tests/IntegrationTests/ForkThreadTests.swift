import Foundation
import Testing

/// Each thread that runs JavaScript has a heap of its own.
struct ForkThreadTests {
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
            let missing = try Heapdump.run(["\(target.pid)", "--thread", "77", "--json"])
            missing.expect(exit: 69)
            missing.expect(saying: "no worker thread 77", "\(ids[0]), \(ids[1])")
            try missing.expect(code: "no-such-worker")
            try target.expectBackToNormal()
        }
    }

    @Test(arguments: [
        ["--thread", "all", "-o", "one.heapsnapshot"], ["--thread", "all", "-o", "-"], ["--thread", "-1"],
        ["--thread", "2", "-m", "inspector"], ["--thread", "2", "--no-inspector", "--no-ptrace"],
        ["--thread", "first"],
        ["--max-pause", "0"], ["--max-pause", "long"], ["-m", "fork", "--no-inspector"],
    ])
    func refusesWhatMakesNoSense(options: [String]) throws {
        try Heapdump.run(["1"] + options).expect(exit: 64)
    }
}
