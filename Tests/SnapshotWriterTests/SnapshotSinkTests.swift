import Testing

@testable import SnapshotWriter

@Suite struct SnapshotSinkTests {
    /// Spaces may stand before a value for as long as anybody likes.
    private func feed(_ sink: SnapshotSink, bytes: Int) throws(DumpFailure) {
        let text = Array("{\"snapshot\":".utf8) + [UInt8](repeating: UInt8(ascii: " "), count: bytes)
        var failure: DumpFailure?
        text.withUnsafeBytes { buffer in
            do throws(DumpFailure) {
                for start in stride(from: 0, to: buffer.count, by: 100) {
                    try sink.write(UnsafeRawBufferPointer(rebasing: buffer[start..<min(start + 100, buffer.count)]))
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    @Test func takesNoMoreThanThereCanBe() throws {
        let sink = SnapshotSink(output: FakeOutput()) { 1000 }
        let failure = #expect(throws: DumpFailure.self) { try feed(sink, bytes: 2000) }
        guard case .endless(1000, nil)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(failure?.exitCode == .snapshotInvalid)
    }

    /// A process may grow while it is dumped.
    @Test func looksAgainBeforeItRefuses() throws {
        var limits: [UInt64] = [1000, 5000]
        let sink = SnapshotSink(output: FakeOutput()) { limits.removeFirst() }
        try feed(sink, bytes: 2000)
        #expect(limits.isEmpty)
    }
}
