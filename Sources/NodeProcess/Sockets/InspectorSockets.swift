public import Linux

// Which sockets can be the inspector's: Node serves it by a thread of its own, and an application's servers by the main thread (or
// by its workers).

extension ListeningSockets {
    /// Whether the main thread is waiting for connections to one of `sockets`: then it is in Node's own event loop, not in
    /// the one that execSync runs.
    public static func mainThreadWaits(
        on sockets: [ListeningSocket], of handle: ProcessHandle
    ) throws(ProcessError) -> Bool {
        let watched = try handle.bracketing { () throws(LinuxError) in
            try ServingThreads.inodesWatchedByMainThread(handle.pid)
        }
        return sockets.contains { watched.contains($0.inode) }
    }

    /// Those of `sockets` that can be the inspector's: the others are the application's, and a connection that it does
    /// not expect can be the end of it. All of them where the threads cannot be seen.
    public static func possibleInspectors(
        among sockets: [ListeningSocket], of handle: ProcessHandle
    ) throws(ProcessError) -> [ListeningSocket] {
        if sockets.isEmpty { return [] }
        guard let inodes = try ServingThreads.inodesWatchedOffMainThread(handle) else { return sockets }
        return sockets.filter { inodes.contains($0.inode) }
    }

    /// The one of `sockets` that is the inspector's, as far as can be told without asking: another thread than the main
    /// one waits on it. `nil` where there is none, and where the threads cannot be seen.
    public static func inspector(
        among sockets: [ListeningSocket], of handle: ProcessHandle
    ) throws(ProcessError) -> ListeningSocket? {
        guard !sockets.isEmpty, let inodes = try ServingThreads.inodesWatchedOffMainThread(handle) else { return nil }
        return sockets.first { inodes.contains($0.inode) && $0.isLoopbackOrWildcard }
    }
}

extension ServingThreads {
    /// Inodes of the sockets that threads other than the main one wait on; nil if what the threads do may not be seen.
    static func inodesWatchedOffMainThread(_ handle: ProcessHandle) throws(ProcessError) -> Set<UInt64>? {
        try handle.bracketing { () throws(LinuxError) in try inodesWatchedOffMainThread(handle.pid) }
    }
}
