/// Who holds a socket. Processes that we may not look into are passed over.
public enum SocketOwner {
    /// The first process that has it open; inodes of sockets are unique across network namespaces.
    public static func find(inode: UInt64) -> Int32? {
        guard inode != 0, let directory = try? Directory("/proc") else { return nil }
        while let pid = directory.nextNumber() {
            if (try? SocketDescriptors.contain(inode, of: pid)) == true { return pid }
        }
        return nil
    }

    /// With its command, for "port 9229 is held by pid N (command)".
    public static func describe(inode: UInt64) -> ProcessSummary? {
        find(inode: inode).flatMap { ProcessSummary.read($0) }
    }
}
