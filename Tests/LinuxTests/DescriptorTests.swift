import Glibc
import Linux
import SystemPackage
import Testing

struct DescriptorTests {
    private func withPair(_ body: (_ reader: borrowing Descriptor, _ writer: consuming Descriptor) throws -> Void)
        throws
    {
        var ends: [Int32] = [-1, -1]
        _ = try systemCall { socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) }
        let reader = Descriptor(owning: ends[0])
        try body(reader, Descriptor(owning: ends[1]))
    }

    @Test func closesItself() throws {
        try withPair { reader, writer in
            do { _ = consume writer }
            #expect(Poll.wait(for: reader.raw, atMost: .seconds(600)))
        }
        let released = try Descriptor(opening: "/").release()
        #expect(try systemCall { fcntl(released, F_GETFD) } == FD_CLOEXEC)
        close(released)
    }

    @Test func writesAll() throws {
        // More than a pipe holds: it takes portions.
        let bytes = [UInt8](repeating: 7, count: 300_000)
        try withPair { reader, writer in
            let raw = writer.release()
            let taken = try Event()
            let thread = try Thread {
                let writer = Descriptor(owning: raw)
                bytes.withUnsafeBytes { try? writer.write($0) { _ in taken.signal() } }
            }
            #expect(try reader.bytes(upTo: 1 << 20) == bytes)
            #expect(Poll.isReady(taken.descriptor, .toRead))
            thread.join()
        }
    }

    @Test func opensNoLinkInADirectory() throws {
        let directory = try Descriptor(opening: "/proc/self", O_DIRECTORY)
        #expect(throws: Errno.tooManySymbolicLinkLevels) {
            _ = try Descriptor(opening: "exe", in: directory, O_RDONLY)
        }
        #expect(try Descriptor(opening: "comm", in: directory, O_RDONLY).bytes(upTo: 64).isEmpty == false)
    }

    @Test func listsADirectoryThatIsOpen() throws {
        let place = try Descriptor(opening: "/proc/self/fd", O_DIRECTORY)
        let names = try Directory(place.raw)
        var numbers: [Int32] = []
        while let number = names.nextNumber() { numbers.append(number) }
        #expect(numbers.contains(place.raw))
    }
}
