import CLinux
import Glibc
public import Linux
import SystemPackage

/// Connects in the network namespace of a process.
public enum TargetNetwork {
    /// Why nothing in a process can be reached through its network.
    public enum Problem: Sendable, Equatable {
        /// Its network namespace may not be entered.
        case closed(PermissionRefusal)
        /// The loopback interface is down, as it is in a new network namespace. All that a namespace sends to its own addresses
        /// goes through it, whatever the address.
        case noLoopback(pid: Int32)
    }

    /// Which network namespace a process is in.
    public static func identity(of handle: ProcessHandle) throws(ProcessError) -> FileIdentity {
        try handle.bracketing { () throws(LinuxError) in try Namespace.network.file(of: handle.pid).identity() }
    }

    /// Looks only.
    /// - Returns: nil where a process could listen there and be reached, and where that cannot be told.
    public static func problem(_ handle: ProcessHandle) -> Problem? {
        do throws(ProcessError) {
            return try hasLoopback(makeSocket(AF_INET, in: handle)) ? nil : .noLoopback(pid: handle.pid)
        } catch .notPermitted(let refusal) where refusal.cause == .cannotEnterNamespace {
            return .closed(refusal)
        } catch {
            return nil
        }
    }

    private static func hasLoopback(_ socket: borrowing Descriptor) -> Bool { clinux_has_loopback(socket.raw) != 0 }

    /// A TCP socket, close-on-exec and non-blocking; `Connecting` tells when it is connected.
    static func beginConnecting(
        to port: UInt16, host: IPAddress = .loopbackV4, in handle: ProcessHandle
    ) throws(ProcessError) -> Descriptor {
        let socket = try makeSocket(host.isIPv6 ? AF_INET6 : AF_INET, in: handle)
        let raw = socket.raw
        // Not through systemCall: after EINTR the attempt goes on by itself, and a second one would be refused.
        let result = host.withSocketAddress(port: port) { _, address, length in
            Glibc.connect(raw, address, length) == 0 ? 0 : errno
        }
        guard [0, EINPROGRESS, EINTR].contains(result) else {
            throw .notConnected(address: host.description, port: port, errno: result)
        }
        return socket
    }

    /// A socket by which the kernel tells of the namespace's connections.
    static func diagnosis(of handle: ProcessHandle) throws(ProcessError) -> Descriptor {
        try makeSocket(AF_NETLINK, in: handle)
    }

    /// A socket belongs to the namespace that it was made in, wherever it is used later.
    private static func makeSocket(_ family: Int32, in handle: ProcessHandle) throws(ProcessError) -> Descriptor {
        guard try handle.bracketing({ () throws(LinuxError) in try Namespace.network.isOther(than: handle.pid) })
        else {
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            do throws(Errno) {
                return Descriptor(
                    owning: try systemCall {
                        family == AF_NETLINK
                            ? clinux_diag_socket() : socket(family, kind | Int32(SOCK_CLOEXEC.rawValue), 0)
                    })
            } catch {
                throw .failed(what: "make a socket", errno: error.rawValue)
            }
        }
        let network = try handle.bracketing { () throws(LinuxError) in
            try Namespace.network.file(of: handle.pid).open()
        }
        do throws(Errno) {
            return Descriptor(owning: try systemCall { clinux_socket_in_network(network.raw, family) })
        } catch {
            let path = Namespace.network.file(of: handle.pid).path
            guard error == .notPermitted else {
                throw .failed(what: "make a socket in the network namespace \(path)", errno: error.rawValue)
            }
            // A container that a user has made without root is in namespaces that are that user's own.
            let ofOwner = try? Descriptor(owning: systemCall { clinux_socket_in_network_of_owner(network.raw, family) })
            if let ofOwner { return ofOwner }
            throw .notPermitted(
                PermissionRefusal(of: "setns(\(path))", error, pid: handle.pid, known: .cannotEnterNamespace))
        }
    }
}
