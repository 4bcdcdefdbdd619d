import Foundation

/// The lock that heapdump takes on a process, held by the test: heapdump waits for it after its first look and before it
/// does anything to the process.
final class HeldLock {
    private var socket: Int32
    private var waiting: Int32 = -1

    /// - Parameter purpose: `signal` for that of dumps by a signal; empty for that of the inspector.
    init(pid: pid_t, startTime: String, purpose: String = "") throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(("heapdump/\(pid)/\(startTime)" + (purpose.isEmpty ? "" : "/\(purpose)")).utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0[1...].copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.count)
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        socket = Glibc.socket(AF_UNIX, kind, 0)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) }
        }
        guard result == 0, listen(socket, 8) == 0 else { throw Failure(errno: "hold the lock of process \(pid)") }
    }

    deinit { release() }

    /// Waits until a heapdump waits.
    func awaitWaiting() throws {
        try eventually("a heapdump at the lock") {
            waiting = accept(socket, nil, nil)
            return waiting >= 0
        }
    }

    func release() {
        if waiting >= 0 { close(waiting) }
        waiting = -1
        if socket >= 0 { close(socket) }
        socket = -1
    }
}
