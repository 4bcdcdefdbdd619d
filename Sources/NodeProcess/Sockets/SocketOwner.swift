import Linux

/// Who holds a socket. Processes that we may not look into are passed over.
public enum SocketOwner {
    /// The first process that has it open; inodes of sockets are unique across network namespaces.
    public static func find(inode: UInt64) -> Int32? {
        guard inode != 0, let directory = try? Directory("/proc") else { return nil }
        var left = mostDescriptors
        while left > 0, let pid = directory.nextNumber() {
            var seen = 0
            let hasIt = try? SocketDescriptors.contain(inode, of: pid, atMost: min(left, mostOfOne), seen: &seen)
            if hasIt == true { return pid }
            left -= seen
        }
        return nil
    }

    /// How many descriptors of a process are looked at, and of all: a user may have millions. A listening socket is among
    /// a program's first.
    private static let mostOfOne = 1 << 16
    private static let mostDescriptors = 1 << 22

    /// With its command, for "port 9229 is held by pid N (command)".
    public static func describe(inode: UInt64) -> ProcessSummary? {
        find(inode: inode).flatMap { ProcessSummary.read($0) }
    }
}
