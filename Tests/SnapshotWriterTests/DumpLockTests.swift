import Glibc
import NodeProcess
import Testing

@testable import SnapshotWriter

/// The process to lock is the test runner itself.
@Suite(.serialized) struct DumpLockTests {
    private struct Waited: Error {
        let holder: Int32
    }

    @Test func theSecondWaitsForTheFirst() throws {
        let target = try ProcessHandle(pid: getpid())
        var first = try DumpLock.acquire(on: target, userID: geteuid()) { _, holder in throw Waited(holder: holder.pid)
        }
        #expect(first != nil)
        var waits = 0
        let second = DumpLock.acquire(on: target, userID: geteuid()) { descriptor, holder in
            waits += 1
            #expect(holder.pid == getpid() && holder.uid == geteuid())
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
        let first = try DumpLock.acquire(on: target, userID: geteuid()) { _, holder in throw Waited(holder: holder.pid)
        }
        #expect(throws: Waited.self) {
            try DumpLock.acquire(on: target, userID: geteuid()) { _, holder in throw Waited(holder: holder.pid) }
        }
        withExtendedLifetime(first) {}
    }

    @Test func aNameThatIsTakenAndNotServedKeepsNobodyWaiting() throws {
        let target = try ProcessHandle(pid: getpid())
        let squatter = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(squatter) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array("heapdump/\(target.pid)/\(target.startTime)".utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0[1...].copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.count)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(squatter, $0, length) }
        }
        try #require(result == 0)
        let lock = try DumpLock.acquire(on: target, userID: geteuid()) { _, holder in throw Waited(holder: holder.pid) }
        #expect(lock == nil)
    }

    private func isReadable(_ descriptor: Int32, milliseconds: Int32) -> Bool {
        var descriptors = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
        return poll(&descriptors, 1, milliseconds) == 1
    }
}
