import Foundation
import Testing

/// The plain case: a server that waits for requests, and nothing in the way.
struct IdleServerTests {
    @Test(arguments: Node.each)
    func dumpsIt(node: Node) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                let before = Int(Date().timeIntervalSince1970)
                let run = try Heapdump.run(["\(target.pid)"], in: directory)
                run.expect(exit: 0)
                let name = try #require(directory.contents.first, "\(run)")
                #expect(directory.contents == [name])
                #expect(run.stdout == directory(name) + "\n")
                let parts = try #require(name.wholeMatch(of: #/heapdump-(\d+)\.(\d{6})\.heapsnapshot/#), "\(name)")
                #expect((before...Int(Date().timeIntervalSince1970)).contains(Int(parts.1) ?? 0))
                let attributes = try FileManager.default.attributesOfItem(atPath: run.path)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
                #expect(attributes[.ownerAccountID] as? Int == Int(geteuid()))
                #expect(try SnapshotText(run.path).nodeCount > 1000)
                try target.expectBackToNormal()
            }
        }
    }

    @Test(arguments: Node.each, Way.allCases)
    func reportsItAsJSON(node: Node, way: Way) throws {
        try Target.with("idle-server.js", node) { target in
            try TemporaryDirectory.with { directory in
                // The default.
                let options = way == .fork ? [] : way.options
                let arguments = ["--json", "-o", "a.heapsnapshot", "\(target.pid)"] + options
                let run = try Heapdump.run(arguments, in: directory)
                run.expect(exit: 0)
                let report = try run.json()
                let snapshot = try SnapshotText(directory("a.heapsnapshot"))
                #expect(report["file"] as? String == directory("a.heapsnapshot"))
                #expect(report["bytes"] as? Int == snapshot.bytes)
                #expect(try report["nodes"] as? Int == snapshot.nodeCount)
                #expect(try report["edges"] as? Int == snapshot.edgeCount)
                #expect(report["strings"] as? Int ?? 0 > 1000)
                #expect(report["total_self_size"] as? Int ?? 0 > 1_000_000)
                #expect(report["verdict"] as? String == "valid")
                #expect(report["exit_code"] as? Int == 0)
                #expect(report["method"] as? String == way.rawValue)
                #expect(report["forks"] as? Int == (way == .fork ? 1 : nil))
                #expect((report["pause_milliseconds"] as? Double != nil) == (way == .fork))
                #expect((report["fork_peak_bytes"] as? Int != nil) == (way == .fork))
                #expect((report["failed_methods"] as? [Any])?.isEmpty == true)
                #expect(report["warnings"] as? [String] == [])
                #expect(report["error"] == nil)
                let subject = try #require(report["target"] as? [String: Any])
                #expect(subject["pid"] as? Int == Int(target.pid))
                #expect((subject["node_version"] as? String)?.contains("\(node.rawValue).") == true, "\(subject)")
                #expect((subject["script"] as? String)?.hasSuffix("idle-server.js") == true, "\(subject)")
                try expectPhases(report)
            }
        }
    }

    private func expectPhases(_ report: [String: Any]) throws {
        let milliseconds = try #require(report["milliseconds"] as? [String: Double])
        let phases = ["looking", "opening_inspector", "building", "writing", "checking"]
        #expect(Set(milliseconds.keys) == Set(phases + ["total"]))
        let total = try #require(milliseconds["total"])
        let sum = phases.compactMap { milliseconds[$0] }.reduce(0, +)
        // Each is rounded to a tenth.
        #expect(abs(total - sum) < 1, "\(milliseconds)")
        let open = try #require(report["debug_port_open_milliseconds"] as? Double)
        #expect(open > 0 && open < total + 1, "\(open) of \(milliseconds)")
    }
}
