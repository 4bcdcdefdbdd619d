import Foundation
import Testing

/// The program that the files are for.
struct DevToolsTests {
    @Test(arguments: Node.supported)
    func loadsIntoChrome(node: Node) throws {
        try Chromium.require()
        try Target.with("leaks-named-class.js", node, arguments: ["321"]) { target in
            try TemporaryDirectory.with { directory in
                let dump = try Heapdump.run(["\(target.pid)"], in: directory)
                dump.expect(exit: 0)
                let script = Package.root + "/Scripts/devtools-load.py"
                let arguments = [Chromium.python, script, "--class", "LeakedSession", dump.path]
                let run = try Command(arguments, in: directory.path).run(within: .seconds(240))
                run.expect(exit: 0)
                let result = try run.json()
                #expect(try result["node_count"] as? Int == SnapshotText(dump.path).nodeCount)
                #expect((result["instances"] as? [String: Int]) == ["LeakedSession": 321], "\(run)")
            }
        }
    }
}
