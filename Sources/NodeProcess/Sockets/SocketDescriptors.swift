import SystemPackage

/// The sockets that a process has open, by inode.
enum SocketDescriptors {
    static func inodes(of handle: ProcessHandle) throws(ProcessError) -> Set<UInt64> {
        try handle.bracketing { () throws(ProcessError) in
            var inodes: Set<UInt64> = []
            try forEachInode(handle.pid) { inode in
                inodes.insert(inode)
                return true
            }
            return inodes
        }
    }

    static func contain(_ wanted: UInt64, of pid: Int32) throws(ProcessError) -> Bool {
        var found = false
        try forEachInode(pid) { inode in
            found = inode == wanted
            return !found
        }
        return found
    }

    private static func forEachInode(_ pid: Int32, _ body: (UInt64) -> Bool) throws(ProcessError) {
        let file = ProcFile(pid, "fd")
        let directory: Directory
        do throws(Errno) {
            directory = try Directory(file.path)
        } catch {
            throw file.failure(error)
        }
        while let descriptor = directory.nextNumber() {
            let inode = directory.withLink(descriptor) { link -> UInt64? in
                var cursor = ByteCursor(link)
                return cursor.skipPrefix("socket:[") ? cursor.decimal() : nil
            }
            if let inode = inode ?? nil, !body(inode) { return }
        }
    }
}
