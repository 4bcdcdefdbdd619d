/// Which thread waits on a socket, seen from outside: by the epoll instance that a thread sleeps in and the descriptors
/// that this instance watches (`tfd` in fdinfo; proc(5)).
package enum ServingThreads {
    /// Inodes of the sockets that threads other than the main one wait on.
    /// - Returns: `nil` where we may not see what the threads do.
    package static func inodesWatchedOffMainThread(_ pid: Int32) throws(LinuxError) -> Set<UInt64>? {
        guard let instances = epollInstances(of: pid), instances.count <= mostInstances else { return nil }
        var watched: Set<Int32> = []
        for instance in instances {
            guard let text = try? ProcFile(pid, "fdinfo/\(instance)").text() else { return nil }
            watched.formUnion(watchedDescriptors(text))
        }
        return try SocketDescriptors.inodes(of: pid) { watched.contains($0) }
    }

    /// Inodes of the sockets that the main thread is waiting on at this moment; empty where that cannot be seen.
    package static func inodesWatchedByMainThread(_ pid: Int32) throws(LinuxError) -> Set<UInt64> {
        guard let call = try? ProcFile(pid, "task/\(pid)/syscall").text(), let instance = epollDescriptor(call),
            let text = try? ProcFile(pid, "fdinfo/\(instance)").text()
        else { return [] }
        let watched = Set(watchedDescriptors(text))
        return try SocketDescriptors.inodes(of: pid) { watched.contains($0) }
    }

    /// A thread usually has one at most, and each may watch as many descriptors as the process has.
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
    package static func epollDescriptor(_ line: String) -> Int32? {
        guard SystemCallName.inLine(line)?.hasPrefix("epoll_") == true else { return nil }
        let words = line.split(separator: " ")
        guard words.count > 1, words[1].hasPrefix("0x") else { return nil }
        return Int32(words[1].dropFirst(2), radix: 16)
    }

    package static func watchedDescriptors(_ fdinfo: String) -> [Int32] {
        fdinfo.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            return words.count > 1 && words[0] == "tfd:" ? Int32(words[1]) : nil
        }
    }
}
