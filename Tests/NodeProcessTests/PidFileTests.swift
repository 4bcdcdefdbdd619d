import Glibc
import SystemPackage
import Testing

@testable import NodeProcess

@Suite struct PidFileTests {
    @Test(arguments: [
        ("1", 1), ("1234\n", 1234), (" \t1234\r\n\n", 1234), ("0012", 12), ("2147483647", .max),
    ])
    func processIDs(text: String, pid: Int32) {
        #expect(PidFile.processID(Array(text.utf8)) == pid)
    }

    @Test(arguments: [
        "", " \n", "0", "-5", "+5", "1.5", "12 34", "12\n34\n", "0x10", "2147483648", "99999999999999999999", "pid 5",
        "５",
        "5\0",
    ])
    func otherTexts(text: String) {
        #expect(PidFile.processID(Array(text.utf8)) == nil)
    }

    @Test func wholeFiles() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/app.pid"
        try write(" 17\n", to: path)
        #expect(try PidFile.read(path) == 17)
        try #require(symlink(path, directory.path + "/link") == 0)
        #expect(try PidFile.read(directory.path + "/link") == 17)
        try write(String(repeating: " ", count: 64) + "17", to: path)
        #expect(throws: PidFileError.self) { try PidFile.read(path) }
    }

    /// None of these is waited for, and none is opened.
    @Test func whatIsNoRegularFile() throws {
        let directory = try TemporaryDirectory()
        let fifo = directory.path + "/fifo"
        try #require(mkfifo(fifo, 0o600) == 0)
        for path in [fifo, "/dev/zero", "/dev/tty", directory.path] {
            let error = #expect(throws: PidFileError.self) { try PidFile.read(path) }
            #expect(error?.message == "pid file \(path): it is not a regular file")
        }
    }

    @Test func messagesNameTheFileAndKeepItsSecrets() throws {
        let missing = #expect(throws: PidFileError.self) { try PidFile.read("/nowhere/\u{1B}.pid") }
        #expect(missing?.message == "pid file /nowhere/\\x1B.pid: cannot read it: No such file or directory")
        let directory = try TemporaryDirectory()
        try write("password", to: directory.path + "/secret")
        let secret = #expect(throws: PidFileError.self) { try PidFile.read(directory.path + "/secret") }
        #expect(secret?.message.contains("password") == false)
    }

    private func write(_ text: String, to path: String) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(Array(text.utf8)) }
    }
}
