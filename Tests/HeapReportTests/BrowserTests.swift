import Foundation
import Testing

@testable import HeapAnalysis
@testable import HeapdumpCommands

/// The page in a browser, looked at and used by Scripts/look-at-page.py.
struct BrowserTests {
    @Test func stands() throws {
        try requireChromium()
        let lines = try look(at: SampleReport.hostile)
        let views = lines.filter { $0["view"] != nil }
        #expect(views.count == 4)
        for view in views { try check(view) }
        let without = try #require(lines.last?["without_script"] as? String)
        #expect(without.contains("turn JavaScript on"))
    }

    /// A heap of which there is nothing to say.
    @Test func standsWhenEmpty() throws {
        try requireChromium()
        let lines = try look(at: SampleReport.empty, options: ["--view", "phone-light"])
        let view = try #require(lines.first)
        #expect(view["errors"] as? [String] == [])
        #expect(view["overflow"] as? Int == 0)
        #expect(view["sections"] as? [String] == ["suspects", "totals", "map", "classes"])
        #expect(view["about"] as? [String] == [Self.secrets])
        #expect(
            (view["classes"] as? [String: [String: Any]])?["at_first"]?["status"] as? String == "Showing 0 of 0 classes"
        )
    }

    private static let secrets =
        "This page holds names and strings of the process, which may be secrets: do not publish it."

    /// The head says whose heap it is and what to mind, in three lines at most.
    @Test(.timeLimit(.minutes(2)), arguments: [true, false])
    func saysWhatToMind(idsMatch: Bool) throws {
        try requireChromium()
        var content = SampleReport.plain
        content.origin = .init(script: "/srv/app/server.js", runtime: "Node v22.20.0", changed: "2026-01-02T03:00:00Z")
        content.growth?.idsMatch = idsMatch
        content.growth?.baseFile = "older.heapsnapshot"
        let view = try #require(try look(at: content, options: ["--view", "phone-light"]).first)
        #expect(view["errors"] as? [String] == [])
        let origin =
            "Program: /srv/app/server.js, Node v22.20.0. Snapshot file last changed on 2026-01-02 03:00:00 UTC."
        let ids =
            "Object ids (@) do not match those of older.heapsnapshot, so new objects cannot be told from old ones."
        #expect(view["about"] as? [String] == [origin, Self.secrets] + (idsMatch ? [] : [ids]))
        // What is not known is not said.
        content.origin = .init(runtime: "Node v22.20.0")
        content.growth = nil
        let other = try #require(try look(at: content, options: ["--view", "phone-light"]).first)
        #expect(other["about"] as? [String] == ["Program: Node v22.20.0. ", Self.secrets])
    }

    /// Figures and names of V8's own, and steps that were left out.
    @Test func saysSoThatPeopleUnderstand() throws {
        try requireChromium()
        var content = SampleReport.plain
        content.summary.suspects[0].holder = SampleReport.object(
            4, "system / JSProxy", "Session", type: "hidden", distance: 100_000_003)
        content.summary.suspects[0].path = RetainingPath(
            steps: [
                .init(edge: nil, object: SampleReport.object(1, "global", "global")),
                .init(edge: ".next", object: SampleReport.object(2, "Page", "Page"), omitted: 4321),
                .init(edge: ".next", object: SampleReport.object(3, "Page", "Page")),
            ], variable: nil, cycle: nil)
        let view = try #require(try look(at: content, options: ["--view", "desktop-light"]).first)
        let texts = try #require(view["suspect"] as? [String])
        let holder = "They pile up in Proxy Session @4, 70.0 kB retained, 32 B its own, not reached from a root"
        #expect(texts.contains(holder), "\(texts)")
        #expect(texts.contains("What keeps it alive (4 steps)"), "\(texts)")
        let steps = ["global @1", ".next Page @2", "… 4,321 more steps … (no name) @2", ".next Page @3"]
        #expect(texts.suffix(4) == steps.map { $0 + "70.0 kB" }[...], "\(texts)")
    }

    private func check(_ view: [String: Any]) throws {
        let name = Comment(rawValue: "\(view["view"] ?? "")")
        #expect(view["errors"] as? [String] == [], name)
        #expect(view["requests"] as? [String] == [], name)
        #expect(view["pwned"] as? Bool == false, name)
        #expect(view["strange_elements"] as? Int == 0, name)
        #expect(view["scripts"] as? Int == 2, name)
        #expect(view["unseen"] as? Int == 0, name)
        #expect(view["overflow"] as? Int == 0, name)
        #expect(view["first_stop"] as? String == "Skip to the report", name)
        let escapes = try #require(view["escapes"] as? [String], name)
        let expected = [
            "\\u202E", "\\u2066", "\\u061C", "\\n", "\\u0000", "\\u001B", "\\u200B", "\\u2028", "\\u0301\u{00D7}57",
        ]
        for each in expected { #expect(escapes.contains(each), "\(each) in \(escapes)") }
        let contrast = try #require(view["least_contrast"] as? [String: Any], name)
        #expect((contrast["ratio"] as? Double ?? 0) >= 4.5, "\(contrast)")
        try checkTreemap(try #require(view["treemap"] as? [String: Any], name))
        try checkClasses(try #require(view["classes"] as? [String: [String: Any]], name))
    }

    private func checkTreemap(_ treemap: [String: Any]) throws {
        // At first, clicked into, back by Escape, in by Enter, back by the path above it.
        #expect(treemap["depth"] as? [Int] == [1, 2, 1, 2, 1])
        #expect(treemap["unnamed"] as? Int == 0)
        #expect(treemap["focus_moves"] as? Bool == true)
        #expect(treemap["outline"] as? String == "solid")
    }

    private func checkClasses(_ classes: [String: [String: Any]]) throws {
        let sorted = try classes.mapValues { try #require($0["sorted"] as? [Any]).map { $0 as? String } }
        #expect(sorted["at_first"] == [nil, "descending", nil, nil, nil, nil])
        #expect(sorted["clicked"] == ["ascending", nil, nil, nil, nil, nil])
        #expect(sorted["by_key"] == [nil, nil, nil, nil, "descending", nil])
        #expect(classes["at_first"]?["rows"] as? Int == 40)
        #expect(classes["at_first"]?["status"] as? String == "Showing 40 of 3,000 classes (the largest of 4,000)")
        #expect(classes["more"]?["rows"] as? Int == 340)
        // As editors count lines and columns: from 1.
        #expect(classes["filtered"]?["first"] as? String == "Session75script 7:13:4")
        #expect((classes["filtered"]?["status"] as? String)?.contains("that match, of 3,000 classes") == true)
    }

    /// One object for each line that the script prints.
    private func look(at content: ReportContent, options: [String] = []) throws -> [[String: Any]] {
        let manager = FileManager.default
        let directory = manager.temporaryDirectory.appendingPathComponent("heapdump-page-\(UUID().uuidString)")
        try manager.createDirectory(at: directory, withIntermediateDirectories: false)
        defer { try? manager.removeItem(at: directory) }
        let page = directory.appendingPathComponent("report.html")
        try Data(try content.page()).write(to: page)
        // Files, which take any amount of output while nobody reads.
        let output = directory.appendingPathComponent("output")
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments = [Self.root + "/Scripts/look-at-page.py", page.path] + options
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try Data(contentsOf: output).split(separator: UInt8(ascii: "\n")).map { line in
            try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
        }
    }

    private static let root = #filePath.components(separatedBy: "/Tests/")[0]
    private static let python = root + "/.build/venv/bin/python"

    private func requireChromium() throws {
        let environment = ProcessInfo.processInfo.environment
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        let isExecutable = FileManager.default.isExecutableFile(atPath:)
        let hasBrowser = ["chromium", "chromium-browser", "google-chrome"].contains { name in
            folders.contains { isExecutable("\($0)/\(name)") }
        }
        if hasBrowser && isExecutable(Self.python) { return }
        let reason = "chromium or .build/venv is not there: run Scripts/setup.sh --tests"
        if environment["HEAPDUMP_REQUIRE_CHROMIUM"] == "1" { throw MissingBrowser(description: reason) }
        try Test.cancel("\(reason)")
    }
}

private struct MissingBrowser: Error, CustomStringConvertible {
    let description: String
}
