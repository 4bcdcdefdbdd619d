import Linux

/// Which thread waits on a socket, seen from outside: by the epoll instance that a thread sleeps in and the descriptors
/// that this instance watches (`tfd` in fdinfo; proc(5)).
enum ServingThreads {
    /// Inodes of the sockets that threads other than the main one wait on. Node's inspector is served by a thread of
    /// its own, an application's servers by the main thread (or by its workers).
    /// - Returns: `nil` where we may not see what the threads do.
    static func inodesWatchedOffMainThread(_ handle: ProcessHandle) throws(ProcessError) -> Set<UInt64>? {
        try handle.bracketing { () throws(LinuxError) -> Set<UInt64>? in
            let pid = handle.pid
            guard let instances = epollInstances(of: pid), instances.count <= mostInstances else { return nil }
            var watched: Set<Int32> = []
            for instance in instances {
                guard let text = try? ProcFile(pid, "fdinfo/\(instance)").text() else { return nil }
                watched.formUnion(watchedDescriptors(text))
            }
            return try SocketDescriptors.inodes(of: pid) { watched.contains($0) }
        }
    }

    /// Inodes of the sockets that the main thread is waiting on at this moment; empty where that cannot be seen.
    static func inodesWatchedByMainThread(_ handle: ProcessHandle) throws(ProcessError) -> Set<UInt64> {
        try handle.bracketing { () throws(LinuxError) -> Set<UInt64> in
            let pid = handle.pid
            guard let call = try? ProcFile(pid, "task/\(pid)/syscall").text(), let instance = epollDescriptor(call),
                let text = try? ProcFile(pid, "fdinfo/\(instance)").text()
            else { return [] }
            let watched = Set(watchedDescriptors(text))
            return try SocketDescriptors.inodes(of: pid) { watched.contains($0) }
        }
    }

    /// A thread of Node's has one at most, and each may watch as many descriptors as the process has.
    private static let mostInstances = 256

    /// The epoll descriptors in which threads other than the main one sleep.
    private static func epollInstances(of pid: Int32) -> Set<Int32>? {
        guard let threads = try? Directory("/proc/\(pid)/task") else { return nil }
        var instances: Set<Int32> = []
        while let thread = threads.nextNumber() {
            if thread == pid { continue }
            // A thread that has ended meanwhile watches nothing; one that may not be looked at makes the answer unknown.
            do throws(LinuxError) {
                let call = try ProcFile(pid, "task/\(thread)/syscall").text()
                if let instance = epollDescriptor(call) { instances.insert(instance) }
            } catch {
                guard error.isAbsence else { return nil }
            }
        }
        return instances
    }

    /// From a line of /proc/PID/task/TID/syscall: "281 0xb 0x7f… …".
    static func epollDescriptor(_ line: String) -> Int32? {
        guard SystemCallName.inLine(line)?.hasPrefix("epoll_") == true else { return nil }
        let words = line.split(separator: " ")
        guard words.count > 1, words[1].hasPrefix("0x") else { return nil }
        return Int32(words[1].dropFirst(2), radix: 16)
    }

    static func watchedDescriptors(_ fdinfo: String) -> [Int32] {
        fdinfo.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            return words.count > 1 && words[0] == "tfd:" ? Int32(words[1]) : nil
        }
    }
}

extension ListeningSockets {
    /// Whether the main thread is waiting for connections to one of `sockets`: then it is in Node's own event loop, not in
    /// the one that execSync runs.
    public static func mainThreadWaits(
        on sockets: [ListeningSocket], of handle: ProcessHandle
    ) throws(ProcessError) -> Bool {
        let watched = try ServingThreads.inodesWatchedByMainThread(handle)
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
