import Glibc
package import SystemPackage

/// A descriptor that becomes readable when a process ends, where the kernel has none: a thread looks, some fifty times a second.
package final class EndWatch: Sendable {
    /// Readable once the thread has closed its end, which it does when the process has ended. Closed by this, it ends the thread.
    private let end: Descriptor

    /// The thread's: closed when it ends.
    private final class Work: Sendable {
        /// Of /proc/PID.
        let directory: Descriptor
        let end: Descriptor

        init(directory: consuming Descriptor, end: consuming Descriptor) {
            self.directory = directory
            self.end = end
        }

        func run() {
            while !ProcessReference.hasEnded(inDirectory: directory.raw) {
                // Readable: nobody is left to be told.
                if Poll.wait(for: end.raw, atMost: .milliseconds(20)) { return }
            }
        }
    }

    package var descriptor: Int32 { end.raw }

    /// - Parameter directory: /proc/PID.
    package init(directory: borrowing Descriptor) throws(Errno) {
        var ends: [Int32] = [-1, -1]
        _ = try systemCall {
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        }
        end = Descriptor(owning: ends[0])
        let theirs = Descriptor(owning: ends[1])
        let source = directory.raw
        let copy = Descriptor(owning: try systemCall { fcntl(source, F_DUPFD_CLOEXEC, 0) })
        let work = Work(directory: copy, end: theirs)
        try Thread.detach { work.run() }
    }
}
