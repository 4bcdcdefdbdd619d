import Glibc
import Linux
import Testing

@testable import SnapshotWriter

@Suite struct PipeReaderTests {
    private func read(_ reader: PipeReader, atMost count: Int) -> (PipeReader.Portion, [UInt8]) {
        var bytes = [UInt8](repeating: 0, count: count)
        let portion = bytes.withUnsafeMutableBytes { reader.read(into: $0) }
        guard case .bytes(let got) = portion else { return (portion, []) }
        return (portion, Array(bytes[..<got]))
    }

    @Test func tellsNothingYetFromTheEnd() throws {
        let ends = try makeNonBlockingPipe()
        let reader = PipeReader(Descriptor(owning: ends.reader))
        guard case .nothingYet = read(reader, atMost: 8).0 else {
            Issue.record("an empty pipe")
            return
        }
        try #require(write(ends.writer, [1, 2, 3] as [UInt8], 3) == 3)
        #expect(read(reader, atMost: 2).1 == [1, 2])
        #expect(read(reader, atMost: 2).1 == [3])
        close(ends.writer)
        guard case .end = read(reader, atMost: 8).0 else {
            Issue.record("a pipe without a writer")
            return
        }
    }

    /// The writer may be ahead by a megabyte, and does not wait for us to check what it wrote.
    @Test func letsTheWriterBeAhead() throws {
        let ends = try makeNonBlockingPipe()
        defer { close(ends.writer) }
        let reader = PipeReader(Descriptor(owning: ends.reader))
        reader.enlarge()
        // F_GETPIPE_SZ; a user who has used up his allowance gets no more than he has.
        let size = fcntl(ends.reader, 1032)
        #expect(size == 1 << 20 || geteuid() != 0)
        let bytes = [UInt8](repeating: 7, count: Int(size))
        #expect(write(ends.writer, bytes, bytes.count) == bytes.count)
    }

    @Test func closesItsDescriptor() throws {
        let ends = try makeNonBlockingPipe()
        defer { close(ends.writer) }
        do { _ = PipeReader(Descriptor(owning: ends.reader)) }
        // Its number may be another's by now; that nobody reads is certain.
        signal(SIGPIPE, SIG_IGN)
        #expect(write(ends.writer, [1] as [UInt8], 1) == -1 && errno == EPIPE)
    }
}
