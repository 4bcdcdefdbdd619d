import Foundation
import Testing

@testable import NodeProcess

struct ShellWordTests {
    @Test(
        arguments: [
            ("leak.heapsnapshot.xz", "leak.heapsnapshot.xz"), ("/var/dumps/a-1_2@3%4+5=6:7,8.xz", nil), ("", "''"),
            ("a b.xz", "'a b.xz'"), ("it's", "'it'\\''s'"), ("$HOME", "'$HOME'"), ("a;rm -r b", "'a;rm -r b'"),
            ("~", "'~'"), ("a\nb", "$'a\\x0Ab'"), ("\u{1B}[31m", "$'\\x1B[31m'"), ("é", "'é'"),
            ("a\\\u{7}'b", "$'a\\\\\\x07\\'b'"),
        ] as [(String, String?)])
    func quotes(word: String, quoted: String?) {
        #expect(ShellWord.quoted(Array(word.utf8)) == quoted ?? word)
    }

    @Test func keepsNamesFromBeingOptions() {
        #expect(ShellWord.file(Array("-rf".utf8)) == "./-rf")
        #expect(ShellWord.file(Array("- x".utf8)) == "'./- x'")
        #expect(ShellWord.quoted(Array("--json".utf8)) == "--json")
    }

    /// A shell takes each for what it was.
    @Test func aShellReadsThem() throws {
        var random = SystemRandomNumberGenerator()
        let words: [[UInt8]] =
            [Array("a'b\"c`d$(e)\\f!*?[g]{h}".utf8), [0xFF, 0xC3, 0x28], Array("\u{202E}x".utf8)]
            + (0..<60).map { _ in (0..<12).map { _ in UInt8.random(in: 1...255, using: &random) } }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", "printf '%s\\0' " + words.map(ShellWord.quoted).joined(separator: " ")]
        process.environment = ["LC_ALL": "C"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let read = try #require(try output.fileHandleForReading.readToEnd())
        process.waitUntilExit()
        #expect(read.split(separator: 0, omittingEmptySubsequences: false).map(Array.init).dropLast() == words[...])
    }
}
