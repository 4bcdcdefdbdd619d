import Glibc
import Linux
import SystemPackage
import Testing

@testable import NodeProcess

/// Looks that would never end by themselves.
@Suite struct BoundedLookTests {
    private struct Interrupted: Error {}

    /// A pipe that nobody writes to.
    private func withSilentPipe(_ body: (Int32) throws -> Void) throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        try body(ends[0])
        // Lets the thread go that reads from it.
        close(ends[1])
    }

    @Test func aReadThatNeverReturnsIsLeftBehind() throws {
        try withSilentPipe { silent in
            #expect(throws: ProcessError.tookTooLong(pid: 1, seconds: 0)) {
                try BoundedLook.run(at: 1, within: .milliseconds(50)) {
                    try Descriptor(owning: silent).bytes(upTo: 1)
                }
            }
        }
    }

    @Test func whoWaitsMayEndIt() throws {
        try withSilentPipe { silent in
            #expect(throws: Interrupted.self) {
                try BoundedLook.run(at: 1, wait: { _, _ in throw Interrupted() }) {
                    try Descriptor(owning: silent).bytes(upTo: 1)
                }
            }
        }
    }

    /// No part of a file that was too large to be read is taken for the whole.
    @Test func whatWasBrokenOffIsNoResult() throws {
        #expect(throws: ProcessError.tookTooLong(pid: 1, seconds: 0)) {
            try BoundedLook.run(at: 1, within: .milliseconds(50)) { () -> Int in
                let zeros = try Descriptor(opening: "/dev/zero")
                return (try? zeros.bytes(upTo: .max).count) ?? 0
            }
        }
    }

    @Test func endsOnceNobodyWaits() throws {
        let ended = try Pipe()
        #expect(throws: Interrupted.self) {
            try BoundedLook.run(at: 1, wait: { _, _ in throw Interrupted() }) { [writer = ended.writer] in
                let zeros = try Descriptor(opening: "/dev/zero")
                try? zeros.forEachChunk { _ in true }
                _ = write(writer, "x", 1)
            }
        }
        #expect(Poll.wait(for: ended.reader, atMost: .seconds(60)))
    }

    @Test func directoriesEndWithTheTime() throws {
        let names = try LookLimit.$current.withValue(LookLimit(.zero)) { try Directory("/proc").nextName() }
        #expect(names == nil)
        #expect(try Directory("/proc").nextName() != nil)
    }

    @Test func passesOnWhatTheLookCameTo() throws {
        #expect(try BoundedLook.run(at: 1) { 7 } == 7)
        #expect(throws: Interrupted.self) { try BoundedLook.run(at: 1) { throw Interrupted() } }
    }

    /// The others' processes are looked at for as long as if there were none of that user.
    @Test func aUsersSlowProcessesUseUpHisTimeAlone() {
        var patience = SearchPatience()
        var looks = 0
        let brief = Duration.milliseconds(200)
        while let limit = patience.limit(forProcessOf: 1000), limit > brief, looks < 100 {
            patience.note(limit, ofUser: 1000)
            looks += 1
        }
        #expect((2...3).contains(looks))
        // Those that take no longer than most do are still found, up to a number.
        #expect(patience.limit(forProcessOf: 1000) == brief)
        let more = (0..<2000).count { _ in patience.limit(forProcessOf: 1000) != nil }
        #expect((500...1500).contains(more))
        #expect(patience.limit(forProcessOf: 0) == .seconds(10))
        for _ in 0..<10_000 { patience.note(.milliseconds(100), ofUser: 0) }
        #expect(patience.limit(forProcessOf: 0) == .seconds(10))
    }

    private final class Pipe: Sendable {
        let reader: Int32
        let writer: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            try #require(pipe(&ends) == 0)
            (reader, writer) = (ends[0], ends[1])
        }

        deinit {
            close(reader)
            close(writer)
        }
    }
}
