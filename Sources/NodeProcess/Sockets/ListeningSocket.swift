import Linux

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
    public static func owned(by handle: ProcessHandle) throws(ProcessError) -> [ListeningSocket] {
        let inodes = try SocketDescriptors.inodes(of: handle)
        return try all(inNamespaceOf: handle).filter { inodes.contains($0.inode) }
    }

    /// Every one in the process's network namespace, whoever holds it.
    public static func all(inNamespaceOf handle: ProcessHandle) throws(ProcessError) -> [ListeningSocket] {
        // Where the namespace cannot be told, the table says what is wrong.
        let isOther = try? handle.bracketing { () throws(LinuxError) in
            try Namespace.network.isOther(than: handle.pid)
        }
        if isOther == false, let sockets = SocketDiagnosis.listening() { return sockets }
        return try inTable(of: handle)
    }

    /// Those in the table under /proc, which every kernel has, for every namespace.
    static func inTable(of handle: ProcessHandle) throws(ProcessError) -> [ListeningSocket] {
        var sockets: [ListeningSocket] = []
        try SocketTable.forEachRow(inNamespaceOf: handle) { row in
            if row.state == SocketRow.listen {
                sockets.append(ListeningSocket(ipAddress: row.local, port: row.localPort, inode: row.inode))
            }
            return true
        }
        return sockets
    }
}
