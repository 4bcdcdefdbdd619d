import Glibc
public import Linux
import SystemPackage

/// Proves that a connected client socket talks to one very process: the socket at its other end is among that process's
/// descriptors.
public enum ConnectionProof {
    /// Without addresses any will do. False until the process has accepted the connection: ask again then.
    public static func isServerSide(
        of handle: ProcessHandle, serverPort: UInt16, clientPort: UInt16,
        serverAddress: IPAddress? = nil, clientAddress: IPAddress? = nil
    ) throws(ProcessError) -> Bool {
        try handle.bracketing { () throws(LinuxError) in
            var inodes: [UInt64] = []
            try SocketTable.forEachRow(inNamespaceOf: handle.pid) { row in
                if row.state == SocketRow.established, row.localPort == serverPort, row.remotePort == clientPort,
                    serverAddress.map({ $0 == row.local }) ?? true, clientAddress.map({ $0 == row.remote }) ?? true,
                    row.inode != 0
                {
                    inodes.append(row.inode)
                }
                return true
            }
            for inode in inodes where try SocketDescriptors.contain(inode, of: handle.pid) { return true }
            return false
        }
    }

    /// For a connected descriptor of our own.
    public static func isServerSide(of handle: ProcessHandle, client: Int32) throws(ProcessError) -> Bool {
        let local = try endpoint("getsockname", client, getsockname)
        let remote = try endpoint("getpeername", client, getpeername)
        return try isServerSide(
            of: handle, serverPort: remote.port, clientPort: local.port,
            serverAddress: remote.address, clientAddress: local.address)
    }

    private static func endpoint(
        _ name: String, _ descriptor: Int32,
        _ call: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) throws(ProcessError) -> (address: IPAddress, port: UInt16) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        do throws(Errno) {
            _ = try systemCall {
                withUnsafeMutablePointer(to: &storage) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call(descriptor, $0, &length) }
                }
            }
        } catch {
            throw .failed(what: "tell a connection's ends (\(name))", errno: error.rawValue)
        }
        guard let endpoint = IPAddress.parse(storage) else {
            throw .failed(what: "tell a connection's ends (\(name))", errno: EAFNOSUPPORT)
        }
        return endpoint
    }
}
