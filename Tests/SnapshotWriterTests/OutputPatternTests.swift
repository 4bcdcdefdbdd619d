import Foundation
import Testing

@testable import SnapshotWriter

@Suite struct OutputPatternTests {
    private let time = timespec(tv_sec: 1_700_000_000, tv_nsec: 42_999)

    private func file(_ text: String?, script: String? = "/srv/app/server.js") throws -> String? {
        guard case .file(let path) = try OutputPattern(text).destination(pid: 12, script: script, at: time) else {
            return nil
        }
        return path
    }

    @Test func defaultsToNodeHeapdumpsName() throws {
        #expect(try file(nil) == "heapdump-1700000000.000042.heapsnapshot")
    }

    @Test func expandsSequences() throws {
        #expect(try file("a-%p-%t-%n-%%.heapsnapshot") == "a-12-20231114T221320Z-server.js-%.heapsnapshot")
        #expect(try file("%h")?.isEmpty == false)
    }

    @Test func standardOutputIsADash() throws {
        let pattern = try OutputPattern("-")
        let destination = try pattern.destination(pid: 1, script: nil, at: time)
        #expect(destination == .standardOutput)
        #expect(pattern.isStandardOutput)
    }

    @Test func directoriesReceiveTheDefaultName() throws {
        try withTemporaryDirectory { (directory) throws in
            let name = "heapdump-1700000000.000042.heapsnapshot"
            #expect(try file(directory) == directory + "/" + name)
            #expect(try file(directory + "/") == directory + "/" + name)
            #expect(try file("not-there/") == "not-there/" + name)
        }
    }

    @Test func aLinkToADirectoryIsNotOneUnlessWrittenSo() throws {
        try withTemporaryDirectory { (directory) throws in
            let link = directory + "/link"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: directory)
            #expect(try file(link) == link)
            #expect(try file(link + "/")?.hasPrefix(link + "/heapdump-") == true)
        }
    }

    @Test(arguments: ["%", "%x", "a%", "", "%p%q", "a\u{0}b", "a.heapsnapshot.gz", "%p.zst"])
    func refusesBadPatterns(text: String) {
        #expect(throws: OutputError.self) { try OutputPattern(text) }
    }

    @Test(arguments: [
        ("../../etc/passwd", "passwd"), ("/x/..", "_."), ("/x/.hidden", "_hidden"), ("/x/-rf", "_rf"),
        ("/x/a\u{1B}[31mb\n.js", "a_[31mb_.js"), ("/x/\u{202E}gpj.js", "_gpj.js"), ("/x/日本.js", "日本.js"), ("/", "node"),
    ])
    func theTargetsScriptNameCannotLeaveTheDirectory(script: String, expected: String) throws {
        #expect(try file("%n", script: script) == expected)
    }

    /// A name of 255 bytes is all that a file system takes, and half a character is none.
    @Test(arguments: ["日", "é", "a", "\u{10400}"])
    func longNamesEndWithAWholeCharacter(character: String) throws {
        let name = try #require(try file("x-%n.js", script: "/x/" + String(repeating: character, count: 300)))
        #expect(name.utf8.count <= 106)
        #expect(name.utf8.count > 100)
        #expect(name.dropFirst(2).dropLast(3).allSatisfy { String($0) == character })
    }

    /// The process chooses its script's name, and not where its dump goes.
    @Test func theScriptNameChoosesNoDirectory() throws {
        try withTemporaryDirectory { (directory) throws in
            try FileManager.default.createDirectory(atPath: directory + "/other", withIntermediateDirectories: false)
            for pattern in ["/%n", "/oth%n"] {
                let script = pattern == "/%n" ? "/x/other" : "/x/er"
                #expect(try file(directory + pattern, script: script) == directory + "/other")
            }
            #expect(try file(directory + "/other")?.hasPrefix(directory + "/other/heapdump-") == true)
            for pattern in ["/%n/", "/%n/x", "/a-%n/%p"] {
                #expect(throws: OutputError.self) { try OutputPattern(directory + pattern) }
            }
            _ = try OutputPattern(directory + "/%%n/%n")
        }
    }

    @Test func knowsWhichPatternsTellProcessesApart() throws {
        try withTemporaryDirectory { (directory) throws in
            for text in [nil, "x-%p", directory, "x/"] {
                let pattern = try OutputPattern(text)
                #expect(pattern.isDistinctPerProcess(), "\(text ?? "none")")
            }
            for text in ["x", "-", "x-%%p", "x-%t-%h-%n"] {
                let pattern = try OutputPattern(text)
                #expect(!pattern.isDistinctPerProcess(), "\(text)")
            }
        }
    }
}
