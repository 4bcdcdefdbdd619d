import Foundation
import Testing

/// `heapdump report`: the page as a file, and the data in it. How it looks is the report's own tests' matter.
struct ReportCommandTests {
    /// The data that the page draws.
    private func data(_ path: String) throws -> [String: Any] {
        let page = try String(contentsOfFile: path, encoding: .utf8)
        let begin = try #require(page.range(of: #"<script type="application/json" id="data">"#))
        let end = try #require(page.range(of: "</script>", range: begin.upperBound..<page.endIndex))
        let json = Data(page[begin.upperBound..<end.lowerBound].utf8)
        return try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    }

    private func rows(_ value: Any?) throws -> [[String: Any]] { try #require(value as? [[String: Any]]) }

    @Test(arguments: Node.supported)
    func holdsTheSameAsTheSummary(node: Node) throws {
        try Snapshots.leak(node) { file, directory in
            let run = try Heapdump.run(["report", file, "-o", "page.html", "--json"], in: directory)
            run.expect(exit: 0)
            let page = directory("page.html")
            #expect(try run.json()["report"] as? String == page)
            let attributes = try FileManager.default.attributesOfItem(atPath: page)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try run.json()["bytes"] as? Int == attributes[.size] as? Int)
            let data = try data(page)
            let shown = try #require(data["summary"] as? [String: Any])
            let summary = try Heapdump.run(["summary", "--json", file], in: directory).json()
            // But for how long the lists are.
            #expect(Set(shown.keys) == Set(summary.keys))
            for (key, value) in summary where !(value is [Any]) {
                #expect(shown[key] as? NSObject == value as? NSObject, "\(key)")
            }
            #expect(try rows(shown["suspects"]).first?["count"] as? Int == Snapshots.leakedCount)
            for key in ["suspects", "classes", "biggest_objects", "duplicate_strings", "closures", "contexts"] {
                // A suspect has a list of its own.
                func withoutList(_ row: [String: Any]) -> NSDictionary {
                    row.filter { $0.key != "classes" } as NSDictionary
                }
                let some = try rows(summary[key]).map(withoutList)
                #expect(try rows(shown[key]).prefix(some.count).map(withoutList) == some, "\(key)")
            }
            #expect(data["growth"] == nil || data["growth"] is NSNull)
            let map = try #require(data["treemap"] as? [String: Any])
            #expect(map["retained_size"] as? Int ?? 0 > 0)
            #expect(try !rows(map["children"]).isEmpty)
        }
    }

    /// Whose heap it is, and when the file was made: no more than was seen.
    @Test(arguments: Node.supported)
    func saysWhoseHeapItIs(node: Node) throws {
        try Snapshots.leak(node) { file, directory in
            let touch = ["touch", "-d", "2026-01-02T03:04:05Z", file]
            try Command(touch, in: directory.path).run().expect(exit: 0)
            try Heapdump.run(["report", file, "-o", "page.html"], in: directory).expect(exit: 0)
            let origin = try #require(try data(directory("page.html"))["origin"] as? [String: String])
            #expect(origin["script"]?.hasSuffix("/leaks-named-class.js") == true, "\(origin)")
            #expect(origin["runtime"]?.hasPrefix("Node v\(node.rawValue).") == true, "\(origin)")
            #expect(origin["changed"] == "2026-01-02T03:04:05Z", "\(origin)")
            // Of a pipe nobody knows when it was written.
            let piped = "cat \(file) | \"$0\" report - -o piped.html"
            try Command(["sh", "-c", piped, Heapdump.binary], in: directory.path).run().expect(exit: 0)
            let other = try #require(try data(directory("piped.html"))["origin"] as? [String: String])
            #expect(other["changed"] == nil && other["script"] == origin["script"], "\(other)")
        }
    }

    /// Two forks number objects anew; the same file twice does not.
    @Test func saysWhetherIDsMatch() throws {
        try Snapshots.growth { directory in
            for (base, idsMatch) in [("older", false), ("newer", true)] {
                let touch = ["touch", "-d", "2026-01-02T03:04:05Z", base]
                try Command(touch, in: directory.path).run().expect(exit: 0)
                let row = ["report", "newer", "--base", base, "-o", "page.html", "--overwrite"]
                try Heapdump.run(row, in: directory).expect(exit: 0)
                let growth = try #require(try data(directory("page.html"))["growth"] as? [String: Any])
                #expect(growth["ids_match"] as? Bool == idsMatch)
                #expect(growth["base_changed"] as? String == "2026-01-02T03:04:05Z")
            }
            let page = try String(contentsOfFile: directory("page.html"), encoding: .utf8)
            #expect(page.contains("do not publish it"))
        }
    }

    @Test func showsGrowth() throws {
        try Snapshots.growth { directory in
            let run = try Heapdump.run(["report", "newer", "--base", "older", "-o", "page.html"], in: directory)
            run.expect(exit: 0)
            #expect(run.stdout == directory("page.html") + "\n", "\(run)")
            let growth = try #require(try data(directory("page.html"))["growth"] as? [String: Any])
            let session = try #require(try rows(growth["classes"]).first { $0["name"] as? String == "Session" })
            #expect(session["count_delta"] as? Int == 10_000)
            #expect(session["retained_delta"] as? Int ?? 0 > 100_000)
            let grown = try rows(growth["grown"])
            #expect(grown.contains { $0["class"] as? String == "Session" }, "\(grown)")
            let (before, after) = (growth["base_total_size"] as? Int, growth["total_size"] as? Int)
            #expect(before ?? 0 > 0 && before ?? 0 < after ?? 0)
        }
    }

    @Test func goesToStandardOutput() throws {
        try Snapshots.leak(.v24) { file, directory in
            let run = try Command(
                ["sh", "-c", "\"$0\" report \(file) -o - > page.html", Heapdump.binary], in: directory.path
            ).run()
            run.expect(exit: 0)
            #expect(try data(directory("page.html"))["summary"] is [String: Any])
            #expect(!directory.contents.contains("-"))
            try Heapdump.run(["report", file, "-o", "-", "--json"], in: directory).expect(exit: 64)
            let full = "\"$0\" report \(file) -o - > /dev/full"
            try Command(["sh", "-c", full, Heapdump.binary], in: directory.path).run().expect(exit: 73)
        }
    }

    @Test func refusesWhatIsThere() throws {
        try Snapshots.leak(.v22) { file, directory in
            let old = Data("mine".utf8)
            try old.write(to: URL(fileURLWithPath: directory("page.html")))
            let refused = try Heapdump.run(["report", file, "-o", "page.html"], in: directory)
            refused.expect(exit: 73)
            refused.expect(saying: "page.html", "--overwrite")
            #expect(try Data(contentsOf: URL(fileURLWithPath: directory("page.html"))) == old)
            // Before there is work to lose: the snapshot was not looked into yet.
            try Data("no snapshot".utf8).write(to: URL(fileURLWithPath: directory("other")))
            try Heapdump.run(["report", "other", "-o", "page.html"], in: directory).expect(exit: 73)
            let replaced = try Heapdump.run(["report", file, "-o", "page.html", "--overwrite"], in: directory)
            replaced.expect(exit: 0)
            #expect(try data(directory("page.html"))["summary"] is [String: Any])
            #expect(directory.contents == [file, "other", "page.html"])
        }
    }

    @Test(arguments: [[], ["--overwrite"]])
    func writesThroughNothing(options: [String]) throws {
        try RefusedResults.expect { ["report", $0, "-o", $1] + options }
    }

    @Test func leavesNothingOnAFullDisk() throws {
        try Snapshots.leak(.v24) { file, directory in
            try FileSystem.with("size=128k") { disk in
                let run = try Heapdump.run(["report", file, "-o", disk("page.html")], in: directory)
                run.expect(exit: 73)
                run.expect(saying: "heapdump: \(disk.path) has room for ", "the page takes ")
                #expect(run.stdout.isEmpty && disk.contents.isEmpty, "\(run)")
            }
            // Where that cannot be known before.
            let limit = "ulimit -f 100; exec \"$0\" report \(file) -o page.html"
            let run = try Command(["bash", "-c", limit, Heapdump.binary], in: directory.path).run()
            run.expect(exit: 73)
            #expect(run.stdout.isEmpty && directory.contents == [file], "\(run)")
        }
    }

    /// Nobody but the owner, whatever the umask says, and also where it replaces a page that all could read.
    @Test func isItsOwnersAlone() throws {
        try Snapshots.leak(.v20) { file, directory in
            try Data().write(to: URL(fileURLWithPath: directory("page.html")))
            chmod(directory("page.html"), 0o666)
            let script = "umask 0; exec \"$0\" report \(file) -o page.html --overwrite"
            try Command(["sh", "-c", script, Heapdump.binary], in: directory.path).run().expect(exit: 0)
            let attributes = try FileManager.default.attributesOfItem(atPath: directory("page.html"))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }
}
