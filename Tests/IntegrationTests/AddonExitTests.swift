import Foundation
import Testing

/// An application that ends before its snapshot is done.
struct AddonExitTests {
    /// The fork goes on without it: what was asked for right before the end is what led to the end.
    @Test(arguments: Node.supported, [("exit", 7), ("end", 0), ("throw", 1)])
    func finishesTheSnapshotOfAProgramThatHasEnded(node: Node, mode: (String, Int32)) throws {
        try TemporaryDirectory.with { directory in
            let file = directory("a.heapsnapshot")
            try Data("an old one".utf8).write(to: URL(fileURLWithPath: file))
            let told = try Addon.run("exits-in-mid-dump.js", node, ["55", file, mode.0], in: directory)
            told.run.expect(exit: mode.1)
            #expect(told.returned == [true])
            try eventually("a new file in \(directory.contents)") {
                try directory.contents == ["a.heapsnapshot"] && Data(contentsOf: URL(fileURLWithPath: file)).count > 10
            }
            try Addon.expect(file, holds: 55)
        }
    }

    @Test(arguments: Node.supported)
    func finishesTheSnapshotOfAWorkerThatHasEnded(node: Node) throws {
        try TemporaryDirectory.with { directory in
            let arguments = ["66", "w.heapsnapshot", "terminate"]
            let told = try Addon.run("worker-writes-snapshot.js", node, arguments, in: directory)
            told.expectCleanEnd(callbacks: 0)
            // The worker was gone before its fork was.
            #expect(told.values("forks") == [1], "\(told.run)")
            try Addon.expect(directory("w.heapsnapshot"), holds: 66, of: "WorkerMarker")
        }
    }
}
