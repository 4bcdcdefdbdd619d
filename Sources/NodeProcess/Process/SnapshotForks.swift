import Linux

/// The processes that heapdump's add-on forks to write a snapshot.
public enum SnapshotForks {
    /// Of those that the main thread has started, in user space and in the kernel together. Nil where there is none, or
    /// the kernel does not list children.
    public static func cpuTime(_ handle: ProcessHandle) throws(ProcessError) -> Duration? {
        try handle.bracketing { () throws(LinuxError) in
            let list = (try? ProcFile(handle.pid, "task/\(handle.pid)/children").text()) ?? ""
            let forks = list.split(separator: " ").compactMap { Int32($0) }.compactMap(cpuTime)
            return forks.isEmpty ? nil : forks.reduce(.zero, +)
        }
    }

    private static func cpuTime(_ child: Int32) -> Duration? {
        guard let status = try? ProcessStatus.read(child), let stat = try? ProcessStat.read(child),
            ForkedChild.isOne(child, status, parent: stat.parent)
        else {
            return nil
        }
        return Duration(clockTicks: stat.cpuTicks)
    }
}
