import Glibc
import Linux
import Testing

@testable import NodeProcess

@Suite struct ProcParserTests {
    @Test(arguments: [
        ("v20.18.0", NodeVersion(major: 20, minor: 18, patch: 0)),
        ("24.1.12", NodeVersion(major: 24, minor: 1, patch: 12)),
        ("v25.0.0-nightly2025", NodeVersion(major: 25, minor: 0, patch: 0)),
        ("v20.18", nil), ("", nil), ("v", nil), ("v1.2.", nil), ("v-1.2.3", nil), ("v1.+2.3", nil), ("v1.2.3x", nil),
        ("v99999999999999999999.1.1", nil),
    ])
    func versions(_ text: String, _ expected: NodeVersion?) {
        #expect(NodeVersion(text) == expected)
    }

    @Test func versionOrder() throws {
        let versions = try ["18.4.0", "20.2.9", "20.18.0", "20.18.1", "24.0.0"].map { try #require(NodeVersion($0)) }
        #expect(versions.shuffled().sorted() == versions)
        #expect(versions.map(\.description).first == "v18.4.0")
    }

    @Test func mappedLibraries() throws {
        func library(_ line: String) -> MappedLibrary? {
            Array(line.utf8).withUnsafeBytes { MappedLibrary($0) }
        }
        let found = try #require(library("7f01-7f02 r-xp 00001000 fe:00 12 \t  /usr/lib/a b/libnode.so.115 (deleted)"))
        #expect(found.path == "/usr/lib/a b/libnode.so.115")
        #expect(found.range == "7f01-7f02")
        #expect(library("7f01-7f02 rw-p 00000000 00:00 0") == nil)
        #expect(library("7f01-7f02 rw-p 00000000 00:00 0   [heap]") == nil)
    }

    /// The target may have put anything where its library was.
    @Test func librariesAreRegularFiles() throws {
        let directory = try TemporaryDirectory()
        func canBeOpened(_ name: String) throws -> Bool {
            let line = "0-1 r-xp 00001000 fe:00 12   \(directory.path)/\(name)"
            let library = try #require(Array(line.utf8).withUnsafeBytes { MappedLibrary($0) })
            switch library.open(getpid()) {
            case .some: return true
            case .none: return false
            }
        }
        try #require(mkfifo(directory.path + "/fifo", 0o600) == 0)
        try #require(symlink("/bin/sh", directory.path + "/link") == 0)
        try #require(close(creat(directory.path + "/file", 0o600)) == 0)
        #expect(try !canBeOpened("fifo"))
        #expect(try !canBeOpened("link"))
        #expect(try canBeOpened("file"))
        #expect(try !canBeOpened("missing"))
    }

    @Test(arguments: [
        ("pos:\t0\nflags:\t0100001\nmnt_id:\t20\n", true), ("flags:\t02100002\n", true),
        ("flags:\t0100000\n", false), ("pos:\t0\n", false), ("flags:\tx\n", false), ("", false),
    ])
    func descriptorsOpenForWriting(_ text: String, _ expected: Bool) {
        #expect(SnapshotDescriptors.isWritable(descriptorInformation: text) == expected)
    }
}
