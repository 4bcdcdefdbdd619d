/// Connections that a process has accepted and still holds.
public enum ServedConnections {
    /// Whether it holds one on a local port.
    public static func exist(onPort port: UInt16, of handle: ProcessHandle) throws(ProcessError) -> Bool {
        let own = try SocketDescriptors.inodes(of: handle)
        var found = false
        try SocketTable.forEachRow(inNamespaceOf: handle) { row in
            found = row.state == SocketRow.established && row.localPort == port && own.contains(row.inode)
            return !found
        }
        return found
    }
}
