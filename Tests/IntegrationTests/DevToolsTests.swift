import Foundation
import Testing

/// The program that the files are for.
struct DevToolsTests {
    private static let python = Package.root + "/.build/venv/bin/python"

    @Test(arguments: Node.supported)
    func loadsIntoChrome(node: Node) throws {
        try requireChromium()
        try Target.with("leaks-named-class.js", node, arguments: ["321"]) { target in
            try TemporaryDirectory.with { directory in
                let dump = try Heapdump.run(["\(target.pid)"], in: directory)
                dump.expect(exit: 0)
                let script = Package.root + "/Scripts/devtools-load.py"
                let load = Command([Self.python, script, "--class", "LeakedSession", dump.path], in: directory.path)
                let run = try load.run(within: .seconds(240))
                run.expect(exit: 0)
                let result = try run.json()
                #expect(result["node_count"] as? Int == (try SnapshotText(dump.path)).nodeCount)
                #expect((result["instances"] as? [String: Int]) == ["LeakedSession": 321], "\(run)")
            }
        }
    }

    private func requireChromium() throws {
        let names = ["chromium", "chromium-browser", "google-chrome"]
        let hasBrowser = try names.contains { name in
            try Command(["sh", "-c", "command -v \(name)"]).run().ending == .exited(0)
        }
        let isThere = hasBrowser && FileManager.default.isExecutableFile(atPath: Self.python)
        if isThere { return }
        let reason = "chromium or .build/venv is not there: run Scripts/setup.sh --tests"
        if Requirement.chromium.isStrict { throw Failure(reason) }
        try Test.cancel("\(reason)")
    }
}
