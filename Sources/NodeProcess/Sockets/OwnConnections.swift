import Glibc
import Synchronization

/// The local ports of connections that are our own.
public final class OwnConnections: Sendable {
    private let ports = Mutex<Set<UInt16>>([])

    public init() {}

    /// - Parameter connection: a connected TCP socket.
    public func add(_ connection: Int32) {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer -> UInt16? in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard getsockname(connection, address, &length) == 0 else { return nil }
                // sin_port and sin6_port lie at the same place.
                return UnsafeRawPointer(address).loadUnaligned(fromByteOffset: 2, as: UInt16.self)
            }
        }
        if let port { ports.withLock { _ = $0.insert(UInt16(bigEndian: port)) } }
    }

    func contains(_ port: UInt16) -> Bool { ports.withLock { $0.contains(port) } }
}
