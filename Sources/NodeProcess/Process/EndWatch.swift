import Glibc
import Linux
import SystemPackage

/// A descriptor that becomes readable when a process ends, where the kernel has none: a thread looks, some fifty times a second.
final class EndWatch: Sendable {
    /// Readable once the thread has closed its end, which it does when the process has ended. Closed by this, it ends the thread.
    private let end: Descriptor

    private struct Work: Sendable {
        /// Of /proc/PID.
        let directory: Int32
        let end: Int32
    }

    var descriptor: Int32 { end.raw }

    /// - Parameter directory: /proc/PID.
    init(directory: borrowing Descriptor) throws(Errno) {
        var ends: [Int32] = [-1, -1]
        _ = try systemCall {
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        }
        end = Descriptor(owning: ends[0])
        let theirs = Descriptor(owning: ends[1])
        let source = directory.raw
        let copy = Descriptor(owning: try systemCall { fcntl(source, F_DUPFD_CLOEXEC, 0) })
        try Self.start(Work(directory: copy.release(), end: theirs.release()))
    }

    private static func start(_ work: Work) throws(Errno) {
        do throws(Errno) {
            try Thread.detach { run(work) }
        } catch {
            close(work)
            throw error
        }
    }

    private static func run(_ work: Work) {
        defer { close(work) }
        while !ProcessReference.hasEnded(inDirectory: work.directory) {
            // Readable: nobody is left to be told.
            if Poll.wait(for: work.end, atMost: .milliseconds(20)) { return }
        }
    }

    private static func close(_ work: Work) {
        for descriptor in [work.directory, work.end] { _ = Glibc.close(descriptor) }
    }
}
