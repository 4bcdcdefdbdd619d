/// The sockets that a process has open, by inode.
package enum SocketDescriptors {
    package static func inodes(of pid: Int32) throws(LinuxError) -> Set<UInt64> {
        try inodes(of: pid) { _ in true }
    }

    package static func inodes(
        of pid: Int32, where isWanted: (_ descriptor: Int32) -> Bool
    ) throws(LinuxError) -> Set<UInt64> {
        var inodes: Set<UInt64> = []
        let directory = try ProcFile(pid, "fd").directory()
        while let descriptor = directory.nextNumber() {
            if isWanted(descriptor), let inode = socketInode(descriptor, in: directory) { inodes.insert(inode) }
        }
        return inodes
    }

    package static func contain(_ wanted: UInt64, of pid: Int32) throws(LinuxError) -> Bool {
        var seen = 0
        return try contain(wanted, of: pid, atMost: .max, seen: &seen)
    }

    /// - Parameters:
    ///   - most: how many descriptors are looked at.
    ///   - seen: how many were.
    package static func contain(
        _ wanted: UInt64, of pid: Int32, atMost most: Int, seen: inout Int
    ) throws(LinuxError) -> Bool {
        let directory = try ProcFile(pid, "fd").directory()
        while seen < most, let descriptor = directory.nextNumber() {
            seen += 1
            if socketInode(descriptor, in: directory) == wanted { return true }
        }
        return false
    }

    private static func socketInode(_ descriptor: Int32, in directory: borrowing Directory) -> UInt64? {
        let inode = directory.withLink(descriptor) { link -> UInt64? in
            var cursor = ByteCursor(link)
            return cursor.skipPrefix("socket:[") ? cursor.decimal() : nil
        }
        return inode ?? nil
    }
}
