import Glibc
import Linux
import NodeProcess
import Synchronization

/// Ends the process on SIGINT, SIGTERM or SIGHUP at once, whatever its other threads do, and leaves no unfinished file behind.
///
/// For work that cannot look for signals itself, such as a library's. The exit status is 128 and the signal's number.
public final class SignalEnd: Sendable {
    private let file = Mutex<GrowingFile?>(nil)

    /// Call it before any other thread is started: threads inherit which signals are blocked. If the process is short of
    /// descriptors or threads, signals end it as they would any program.
    public init() {
        do {
            let interruption = try Interruption(ignoresStop: false)
            try Thread.detach { [self] in
                while true {
                    Poll.wait(for: interruption.descriptor, atMost: nil)
                    if let signal = interruption.take() { end(128 + signal) }
                }
            }
        } catch {
            Interruption.unblock()
        }
    }

    /// - Parameter file: is removed if a signal comes before it is published.
    public func remove(_ file: GrowingFile) { self.file.withLock { $0 = file } }

    private func end(_ status: Int32) -> Never {
        let file = file.withLock { $0 }
        guard let file else { _exit(status) }
        file.end { _exit(status) }
    }
}
