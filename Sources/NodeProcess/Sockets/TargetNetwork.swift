import CLinux
import Glibc
import SystemPackage

/// Connects in the network namespace of a process.
public enum TargetNetwork {
    /// Why nothing in a process can be reached through its network.
    public enum Problem: Sendable, Equatable {
        /// Its network namespace may not be entered.
        case closed(PermissionRefusal)
        /// There is no 127.0.0.1: the loopback interface is down, as it is in a new network namespace.
        case noLoopback(pid: Int32)
    }

    /// Looks only.
    /// - Returns: nil where a process could listen on 127.0.0.1 there, and be reached.
    public static func problem(_ handle: ProcessHandle) throws(ProcessError) -> Problem? {
        do throws(ProcessError) {
            return try hasLoopback(makeSocket(.loopbackV4, in: handle)) ? nil : .noLoopback(pid: handle.pid)
        } catch .notPermitted(let refusal) where refusal.cause == .cannotEnterNamespace {
            return .closed(refusal)
        }
    }

    private static func hasLoopback(_ socket: borrowing Descriptor) -> Bool {
        let raw = socket.raw
        let isBound = IPAddress.loopbackV4.withSocketAddress(port: 0) { _, address, length in
            Glibc.bind(raw, address, length) == 0
        }
        guard isBound else { return errno != EADDRNOTAVAIL }
        // With the interface down it can still be bound. A socket that connects to itself disturbs nobody.
        var own = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &own) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                getsockname(raw, address, &length) != 0 || Glibc.connect(raw, address, length) == 0
                    || errno != ENETUNREACH
            }
        }
    }

    /// A connected TCP socket, close-on-exec and non-blocking, which the caller closes. Blocks for `timeout` at most.
    public static func connect(
        to port: UInt16, host: IPAddress = .loopbackV4, in handle: ProcessHandle, timeout: Duration = .seconds(2)
    ) throws(ProcessError) -> Int32 {
        let socket = try makeSocket(host, in: handle)
        do throws(Errno) {
            try connect(socket, to: port, host, timeout)
        } catch {
            throw .notConnected(address: host.description, port: port, errno: error.rawValue)
        }
        return socket.release()
    }

    private static func connect(
        _ socket: borrowing Descriptor, to port: UInt16, _ host: IPAddress, _ timeout: Duration
    ) throws(Errno) {
        let raw = socket.raw
        // Not through systemCall: after EINTR the attempt goes on by itself, and a second one would be refused.
        let result = host.withSocketAddress(port: port) { _, address, length in
            Glibc.connect(raw, address, length) == 0 ? 0 : errno
        }
        if result == EINPROGRESS || result == EINTR {
            guard try poll(raw, for: Int16(POLLOUT), atMost: timeout) != 0 else { throw .timedOut }
            var code: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            _ = try systemCall { getsockopt(raw, SOL_SOCKET, SO_ERROR, &code, &length) }
            if code != 0 { throw Errno(rawValue: code) }
        } else if result != 0 {
            throw Errno(rawValue: result)
        }
    }

    /// A socket belongs to the namespace that it was made in, wherever it is used later.
    private static func makeSocket(_ host: IPAddress, in handle: ProcessHandle) throws(ProcessError) -> Descriptor {
        let family = host.isIPv6 ? AF_INET6 : AF_INET
        guard try handle.bracketing({ () throws(ProcessError) in try Namespace.network.isOther(than: handle.pid) })
        else {
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            do throws(Errno) {
                return Descriptor(owning: try systemCall { socket(family, kind, 0) })
            } catch {
                throw .failed(what: "make a socket", errno: error.rawValue)
            }
        }
        let network = try handle.bracketing { () throws(ProcessError) in
            try Namespace.network.file(of: handle.pid).open()
        }
        do throws(Errno) {
            return Descriptor(owning: try systemCall { clinux_socket_in_network(network.raw, family) })
        } catch {
            if error == .notPermitted, let socket = makeSocketAsOwner(of: network, family, handle) { return socket }
            let call = "setns(\(Namespace.network.file(of: handle.pid).path))"
            guard error == .notPermitted else { throw .failed(what: call, errno: error.rawValue) }
            throw .notPermitted(PermissionRefusal(of: call, error, pid: handle.pid, known: .cannotEnterNamespace))
        }
    }

    /// A container that a user has made without root is in a user namespace which is that user's own.
    private static func makeSocketAsOwner(
        of network: borrowing Descriptor, _ family: Int32, _ handle: ProcessHandle
    ) -> Descriptor? {
        let user = try? handle.bracketing { () throws(ProcessError) -> Descriptor? in
            guard try Namespace.user.isOther(than: handle.pid) else { return nil }
            return try Namespace.user.file(of: handle.pid).open()
        }
        guard let user else { return nil }
        let raw = clinux_socket_in_network_of_user(user.raw, network.raw, family)
        return raw < 0 ? nil : Descriptor(owning: raw)
    }
}
