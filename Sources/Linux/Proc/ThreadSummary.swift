/// A thread as `list --threads` shows it.
public struct ThreadSummary: Sendable, Equatable {
    public let id: Int32
    /// Newer Node versions name theirs; others leave the process's name on all of them.
    public let name: String
    /// The kernel's letter: R runs, S sleeps, D waits for a device, T is stopped.
    public let state: Character
    /// In user space and in the kernel together, since the thread began.
    public let cpuTime: Duration

    /// Those of a process, oldest first. Anybody may read them; one that ends meanwhile is left out.
    public static func all(of pid: Int32) -> [ThreadSummary] {
        guard let directory = try? Directory("/proc/\(pid)/task") else { return [] }
        var threads: [ThreadSummary] = []
        while let thread = directory.nextNumber() {
            if let summary = try? read(thread, of: pid) { threads.append(summary) }
        }
        return threads
    }

    private static func read(_ thread: Int32, of pid: Int32) throws(LinuxError) -> ThreadSummary {
        let stat = try ProcessStat.read(pid, thread: thread)
        var name = try ProcFile(pid, "task/\(thread)/comm").bytes()
        if name.last == UInt8(ascii: "\n") { name.removeLast() }
        return ThreadSummary(
            id: thread, name: String(decoding: name, as: UTF8.self), state: stat.state,
            cpuTime: Duration(clockTicks: stat.cpuTicks))
    }
}
