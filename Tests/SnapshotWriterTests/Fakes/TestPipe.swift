import Glibc
import Linux
import Testing

/// A pipe whose ends the test holds: neither waits.
final class TestPipe {
    let reader: Int32
    private var writer: Int32?

    init() throws {
        let ends = try makeNonBlockingPipe()
        reader = ends.reader
        writer = ends.writer
    }

    deinit {
        close(reader)
        end()
    }

    func write(_ text: some StringProtocol) {
        guard let writer else { return }
        let bytes = Array(text.utf8)
        #expect(Glibc.write(writer, bytes, bytes.count) == bytes.count)
    }

    /// All that is there.
    func read() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(reader, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    /// Lets go of the writing end.
    func end() {
        if let writer { close(writer) }
        writer = nil
    }

    func duplicateReader() throws -> Descriptor { try Descriptor(duplicating: reader) }
    func duplicateWriter() throws -> Descriptor { try Descriptor(duplicating: try #require(writer)) }
}
