import SystemPackage

/// The sockets that a process has open, by inode.
enum SocketDescriptors {
    static func inodes(of handle: ProcessHandle) throws(ProcessError) -> Set<UInt64> {
        try handle.bracketing { () throws(ProcessError) in
            try inodes(of: handle.pid) { _ in true }
        }
    }

    static func inodes(
        of pid: Int32, where isWanted: (_ descriptor: Int32) -> Bool
    ) throws(ProcessError) -> Set<UInt64> {
        var inodes: Set<UInt64> = []
        try forEachInode(pid) { descriptor, inode in
            if isWanted(descriptor) { inodes.insert(inode) }
            return true
        }
        return inodes
    }

    static func contain(_ wanted: UInt64, of pid: Int32) throws(ProcessError) -> Bool {
        var found = false
        try forEachInode(pid) { _, inode in
            found = inode == wanted
            return !found
        }
        return found
    }

    private static func forEachInode(_ pid: Int32, _ body: (_ descriptor: Int32, UInt64) -> Bool) throws(ProcessError) {
        let directory = try ProcFile(pid, "fd").directory()
        while let descriptor = directory.nextNumber() {
            let inode = directory.withLink(descriptor) { link -> UInt64? in
                var cursor = ByteCursor(link)
                return cursor.skipPrefix("socket:[") ? cursor.decimal() : nil
            }
            if let inode = inode ?? nil, !body(descriptor, inode) { return }
        }
    }
}
