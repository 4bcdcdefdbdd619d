import Linux
import NodeProcess

extension ListeningSocket {
    /// - Parameter port: where the process was told to open its inspector; nil if the kernel chooses.
    func mayBeInspector(on port: UInt16?) -> Bool { port.map { self.port == $0 } ?? isLoopbackOrWildcard }
}

/// The port where the target's inspector is, or would be.
enum InspectorPort {
    /// Who listens on it in the target's network, in words; nil where nobody but the target does.
    /// - Parameters:
    ///   - own: the target's sockets.
    ///   - certainly: only a listener that excludes another on 127.0.0.1. One on all IPv6 addresses mostly does,
    ///   but for IPV6_V6ONLY, which cannot be seen.
    static func holder(of target: TargetProcess, besides own: [ListeningSocket], certainly: Bool) -> String? {
        let hints = target.inspectorHints
        // Where process.title has overwritten the arguments, the port is not known; with another host, it may be free.
        guard let port = hints.port, !target.argumentsAreOverwritten,
            [nil, "127.0.0.1", "localhost", "0.0.0.0"].contains(hints.host),
            let all = try? ListeningSockets.all(inNamespaceOf: target.handle)
        else { return nil }
        let ownInodes = Set(own.map(\.inode))
        guard
            let other = all.first(where: {
                $0.port == port && !ownInodes.contains($0.inode)
                    && (["127.0.0.1", "0.0.0.0"].contains($0.address) || !certainly && $0.address == "::")
            })
        else { return nil }
        guard let owner = SocketOwner.describe(inode: other.inode) else { return "another process" }
        return "process \(owner.pid) (\(owner.command))"
    }
}
