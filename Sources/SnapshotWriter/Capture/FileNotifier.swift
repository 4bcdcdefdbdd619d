import CLinux
import Glibc

/// An inotify descriptor that becomes readable when something happens to files or directories that are open here.
final class FileNotifier {
    let descriptor: Int32

    /// - Returns: nil where not all can be watched: limits of the user's, file systems without inotify.
    init?(_ watched: [Int32], _ events: UInt32) {
        descriptor = clinux_inotify_init()
        guard descriptor >= 0 else { return nil }
        guard watched.allSatisfy({ clinux_inotify_watch(descriptor, $0, events) >= 0 }) else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }

    /// Forgets what has happened so far. Which events came does not matter: whoever was woken looks for itself.
    func drain() {
        withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 8) { buffer in
            while read(descriptor, buffer.baseAddress, buffer.count) > 0 {}
        }
    }
}
