import Linux

/// Connections that a process has accepted and still holds.
public enum ServedConnections {
    /// Whether it holds one on a local port.
    public static func exist(onPort port: UInt16, of handle: ProcessHandle) throws(ProcessError) -> Bool {
        let inodes = try handle.bracketing { () throws(LinuxError) in try SocketDescriptors.inodes(of: handle.pid) }
        return try exist(of: handle, amongInodes: inodes) { $0.localPort == port }
    }

    /// The same on any port, of those that another thread than the main one waits on, as Node's inspector does.
    /// - Returns: false where the threads cannot be seen.
    public static func existOffMainThread(of handle: ProcessHandle) throws(ProcessError) -> Bool {
        guard let inodes = try ServingThreads.inodesWatchedOffMainThread(handle) else { return false }
        return try exist(of: handle, amongInodes: inodes) { $0.local.isLoopback }
    }

    private static func exist(
        of handle: ProcessHandle, amongInodes inodes: Set<UInt64>, where isWanted: (SocketRow) -> Bool
    ) throws(ProcessError) -> Bool {
        if inodes.isEmpty { return false }
        return try handle.bracketing { () throws(LinuxError) in
            var found = false
            try SocketTable.forEachRow(inNamespaceOf: handle.pid) { row in
                found = row.state == SocketRow.established && inodes.contains(row.inode) && isWanted(row)
                return !found
            }
            return found
        }
    }
}
