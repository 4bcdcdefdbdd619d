/// A TCP socket that takes connections.
public struct ListeningSocket: Sendable, Hashable {
    public let ipAddress: IPAddress
    public let port: UInt16
    public let inode: UInt64

    public init(ipAddress: IPAddress, port: UInt16, inode: UInt64) {
        self.ipAddress = ipAddress
        self.port = port
        self.inode = inode
    }

    /// Numeric, without brackets; an IPv4 address that an IPv6 socket listens on shows as IPv4.
    public var address: String { ipAddress.description }
    public var isIPv6: Bool { ipAddress.isIPv6 }
    /// Reachable through 127.0.0.1 or ::1.
    public var isLoopbackOrWildcard: Bool { ipAddress.isLoopback || ipAddress.isWildcard }

    /// Where to connect to reach it: a wildcard is no destination.
    public var connectAddress: IPAddress {
        guard ipAddress.isWildcard else { return ipAddress }
        return ipAddress.isIPv6 ? .loopbackV6 : .loopbackV4
    }
}

public enum ListeningSockets {
    /// Those that the process itself holds a descriptor of.
    package static func owned(by pid: Int32) throws(LinuxError) -> [ListeningSocket] {
        let inodes = try SocketDescriptors.inodes(of: pid)
        return try all(inNamespaceOf: pid).filter { inodes.contains($0.inode) }
    }

    /// Every one in the process's network namespace, whoever holds it.
    package static func all(inNamespaceOf pid: Int32) throws(LinuxError) -> [ListeningSocket] {
        // Where the namespace cannot be told, the table says what is wrong.
        let isOther = try? Namespace.network.isOther(than: pid)
        if isOther == false, let sockets = SocketDiagnosis.listening() { return sockets }
        return try inTable(of: pid)
    }

    /// Those in the table under /proc, which every kernel has, for every namespace.
    package static func inTable(of pid: Int32) throws(LinuxError) -> [ListeningSocket] {
        var sockets: [ListeningSocket] = []
        try SocketTable.forEachRow(inNamespaceOf: pid) { row in
            if row.state == SocketRow.listen {
                sockets.append(ListeningSocket(ipAddress: row.local, port: row.localPort, inode: row.inode))
            }
            return true
        }
        return sockets
    }
}
