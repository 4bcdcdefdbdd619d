import CLinux
import Glibc
import Linux
import NodeProcess
import SystemPackage

/// A lock that heapdumps on one machine share.
///
/// The lock is a listening socket under an abstract name, so that it ends with its holder, however that ends, and leaves
/// nothing behind. Whoever waits connects to it and sees the connection end.
final class DumpLock {
    private let listener: Descriptor

    /// What is done to a process meanwhile. A guardian that waits to close the inspector must not be held up by a
    /// dump that does not use it.
    enum Purpose: String {
        case inspector
        case signal
        case ptrace
        /// A guardian watches for an inspector that opens late.
        case guardian
    }

    private init(_ listener: consuming Descriptor) { self.listener = listener }

    struct Holder {
        let pid: Int32
        /// As the kernel saw it when the lock was taken.
        let uid: UInt32

        /// Whether it may be anybody's program: root's lock and our own are heapdump's.
        var isForeign: Bool { uid != 0 && uid != geteuid() }
    }

    /// Ends the waiting for a lock that is held longer than any heapdump needs it: the work goes on without.
    struct PassedOver: Error {}

    /// Sleeps until the descriptor is readable, or throws.
    typealias Wait = (_ descriptor: Int32, _ holder: Holder) throws -> Void

    /// One heapdump at a time works on a process, its guardian included: the first would close the inspector in the middle of the
    /// second's snapshot.
    /// - Parameter userID: the target's user, whose heapdump is trusted as our own and root's are. Anybody can take an abstract
    ///     name: another user's is passed over, so that nobody can keep heapdump from working.
    /// - Returns: nil where there is no lock to be had; the dump is then as safe as the name is rare.
    static func acquire(
        on target: ProcessHandle, userID: UInt32, for purpose: Purpose = .inspector, wait: Wait
    ) rethrows -> DumpLock? {
        let suffix = purpose == .inspector ? "" : "/" + purpose.rawValue
        return try acquire(
            "heapdump/\(target.pid)/\(target.startTime)\(suffix)", while: target, trusting: userID, wait: wait)
    }

    /// One heapdump at a time has a process open its inspector on a port: most processes take the same one, 9229, and Node opens
    /// none where it is taken.
    /// - Parameter network: identifies the network namespace that the port is in.
    static func acquire(
        port: UInt16, in network: FileIdentity, for target: ProcessHandle, userID: UInt32, wait: Wait
    ) rethrows -> DumpLock? {
        try acquire("heapdump/port/\(network.inode)/\(port)", while: target, trusting: userID, wait: wait)
    }

    private static func acquire(
        _ name: String, while target: ProcessHandle, trusting userID: UInt32, wait: Wait
    ) rethrows -> DumpLock? {
        var refusals = 0
        while target.isAlive {
            do throws(Errno) {
                return try bindSocket(name)
            } catch .addressInUse {
            } catch {
                return nil
            }
            guard let connection = try? newSocket() else { return nil }
            // The holder may be gone by now: then the name is free.
            let raw = connection.raw
            guard withAddress(name, { connect(raw, $0, $1) }) == 0 else {
                guard errno == ECONNREFUSED, refusals < mostRefusals else { return nil }
                refusals += 1
                Poll.sleep(.milliseconds(10))
                continue
            }
            var holder: pid_t = 0
            var holderID: uid_t = 0
            guard clinux_peer_credentials(raw, &holder, &holderID) == 0,
                [0, geteuid(), userID].contains(holderID)
            else { return nil }
            do {
                try wait(raw, Holder(pid: holder, uid: holderID))
            } catch is PassedOver {
                return nil
            }
            // For a holder that lets go of who waits, and not of the name.
            Poll.sleep(.milliseconds(10))
        }
        return nil
    }

    /// A holder has its name for a moment before it listens; who never listens is none.
    private static let mostRefusals = 20

    private static func bindSocket(_ name: String) throws(Errno) -> DumpLock {
        let listener = try newSocket()
        let raw = listener.raw
        _ = try systemCall { withAddress(name) { bind(raw, $0, $1) } }
        _ = try systemCall { listen(raw, 64) }
        return DumpLock(listener)
    }

    private static func newSocket() throws(Errno) -> Descriptor {
        // Not to be held up in connect(2) where many wait already.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        return Descriptor(owning: try systemCall { socket(AF_UNIX, kind, 0) })
    }

    /// A name that begins with NUL stands in no file system.
    private static func withAddress(_ name: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(name.utf8.prefix(100))
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path[0] = 0
            path[1...].copyBytes(from: bytes)
        }
        let length = MemoryLayout<sa_family_t>.size + 1 + bytes.count
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
        }
    }
}
