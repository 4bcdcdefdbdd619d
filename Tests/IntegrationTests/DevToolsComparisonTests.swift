import Foundation
import Testing

/// The analysis of snapshots, held against the program that people would open them in: on heaps of many kinds, by all
/// versions of Node, each figure of both.
struct DevToolsComparisonTests {
    @Test func agreesWithChromeOnEveryFigure() throws {
        try Chromium.require()
        for node in [Node.v18, .v20, .v22, .v24] { _ = try node.path() }
        // They stay in .build, and so do DevTools' answers, for the next run.
        let write = try Command(["python3", "-B", Package.root + "/Scripts/write-heaps.py", "--quick"])
            .run(within: .seconds(600))
        write.expect(exit: 0)
        let snapshots = write.stdout.split(separator: "\n").map(String.init)
        try #require(snapshots.count >= 32, "\(write)")

        let script = Package.root + "/Scripts/compare-with-devtools.py"
        var compare = Command([Chromium.python, "-B", script, "--quiet"] + snapshots)
        compare.environment["HEAPDUMP_BINARY"] = Heapdump.binary
        try compare.run(within: .seconds(1200)).expect(exit: 0)
    }
}
