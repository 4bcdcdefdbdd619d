import CLinux
import Glibc

/// An inotify descriptor that becomes readable when something happens to files or directories that are open here.
public final class FileNotifier {
    private let notifier: Descriptor
    public var descriptor: Int32 { notifier.raw }

    /// - Parameter events: of inotify(7).
    /// - Returns: nil where not all can be watched: limits of the user's, file systems without inotify.
    public init?(_ watched: [Int32], _ events: UInt32) {
        guard let notifier = try? Descriptor(owning: systemCall({ clinux_inotify_init() })) else { return nil }
        let raw = notifier.raw
        guard watched.allSatisfy({ clinux_inotify_watch(raw, $0, events) >= 0 }) else { return nil }
        self.notifier = notifier
    }

    /// Forgets what has happened so far. Which events came does not matter: whoever was woken looks for itself.
    public func drain() {
        withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 8) { buffer in
            while read(descriptor, buffer.baseAddress, buffer.count) > 0 {}
        }
    }
}
