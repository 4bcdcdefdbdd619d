import Glibc
import NodeProcess
import Testing

@testable import SnapshotWriter

/// The process to lock is the test runner itself.
@Suite(.serialized) struct TargetLockTests {
    private struct Waited: Error {
        let holder: Int32
    }

    @Test func theSecondWaitsForTheFirst() throws {
        let target = try ProcessHandle(pid: getpid())
        var first = try TargetLock.acquire(on: target, userID: geteuid()) { _, holder in throw Waited(holder: holder) }
        #expect(first != nil)
        var waits = 0
        let second = TargetLock.acquire(on: target, userID: geteuid()) { descriptor, holder in
            waits += 1
            #expect(holder == getpid())
            // Nothing to read as long as the first one lives; its end wakes whoever waits.
            #expect(isReadable(descriptor, milliseconds: 0) == false)
            withExtendedLifetime(first) {}
            first = nil
            #expect(isReadable(descriptor, milliseconds: 10_000))
        }
        #expect(waits == 1)
        #expect(second != nil)
    }

    @Test func anErrorWhileWaitingPassesThrough() throws {
        let target = try ProcessHandle(pid: getpid())
        let first = try TargetLock.acquire(on: target, userID: geteuid()) { _, holder in throw Waited(holder: holder) }
        #expect(throws: Waited.self) {
            try TargetLock.acquire(on: target, userID: geteuid()) { _, holder in throw Waited(holder: holder) }
        }
        withExtendedLifetime(first) {}
    }

    private func isReadable(_ descriptor: Int32, milliseconds: Int32) -> Bool {
        var descriptors = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
        return poll(&descriptors, 1, milliseconds) == 1
    }
}
