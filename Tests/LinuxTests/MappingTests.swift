import Glibc
import Testing

@testable import Linux

struct MappingTests {
    private func parsed(_ line: String) -> Mapping? { Array(line.utf8).withUnsafeBytes { Mapping($0) } }

    @Test func readsALineOfAFile() throws {
        let line = "7f4c00a00000-7f4c00c28000 r-xp 00028000 fe:01 131090                     /usr/lib/x y/libc.so.6"
        let mapping = try #require(parsed(line))
        #expect(mapping.addresses == 0x7f4c_00a0_0000..<0x7f4c_00c2_8000)
        #expect(mapping.isReadable && mapping.isExecutable && !mapping.isWritable)
        #expect(mapping.offset == 0x28000)
        #expect(mapping.inode == 131090)
        #expect(mapping.path == "/usr/lib/x y/libc.so.6")
        #expect(mapping.isOfFile)
    }

    @Test func readsMemoryWithoutAFile() throws {
        let anonymous = try #require(parsed("3e5f40000000-3e5f40040000 rwxp 00000000 00:00 0 "))
        #expect(anonymous.path.isEmpty && !anonymous.isOfFile && anonymous.isWritable)
        let stack = try #require(
            parsed("7ffd3c9f0000-7ffd3ca11000 rw-p 00000000 00:00 0                          [stack]"))
        #expect(stack.path == "[stack]" && !stack.isOfFile)
    }

    @Test func aRemovedFileKeepsItsName() {
        let line = "400000-800000 r-xp 00000000 fe:01 9                          /srv/node (deleted)"
        #expect(parsed(line)?.path == "/srv/node")
    }

    @Test(arguments: [
        "", "x", "400000", "400000-300000 r-xp 0 00:00 0", "400000-500000 r-", "400000-500000 r-xp z 00:00 0 ",
    ])
    func whatIsNoLineIsNone(_ line: String) {
        #expect(parsed(line) == nil)
    }

    /// Its own, where this code is.
    @Test func findsTheProgramsOwnCode() throws {
        let mappings = try Mapping.all(of: getpid())
        #expect(mappings.contains { $0.isExecutable && $0.isOfFile })
        #expect(mappings == mappings.sorted { $0.addresses.lowerBound < $1.addresses.lowerBound })
    }
}
