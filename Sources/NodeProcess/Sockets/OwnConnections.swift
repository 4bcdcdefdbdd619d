import Linux
import Synchronization

/// The local ends of connections that are our own.
public final class OwnConnections: Sendable {
    private let ends = Mutex<Set<Endpoint>>([])

    public init() {}

    /// - Parameter connection: a TCP socket that has its local address.
    public func add(_ connection: Int32) {
        guard let end = Endpoint(ofSocket: connection) else { return }
        ends.withLock { _ = $0.insert(end) }
    }

    func contains(_ end: Endpoint) -> Bool { ends.withLock { $0.contains(end) } }
}
