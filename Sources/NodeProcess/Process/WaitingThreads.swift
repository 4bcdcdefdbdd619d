/// Threads of a process, other than the main one, that wait for another thread's word (futex): whether they wait there again.
public struct WaitingThreads: Sendable {
    /// By thread, the call with its first argument: where it waits.
    private var places: [Int32: Substring]
    /// In clock ticks, at the first look.
    private var cpuTicks: [Int32: UInt64] = [:]
    private var firstLook: ContinuousClock.Instant?

    /// A thread that waits somewhere else has been given enough time for what is done in microseconds.
    private static let patience = Duration.seconds(2)
    /// A second, on every kernel that there is.
    private static let busyTicks: UInt64 = 100

    /// As they are at this moment; none where that may not be seen.
    public init(of handle: ProcessHandle) {
        let pid = handle.pid
        places = [:]
        guard let threads = try? Directory("/proc/\(pid)/task") else { return }
        while let thread = threads.nextNumber() {
            if thread != pid, let place = Self.place(of: thread, in: pid) { places[thread] = place }
        }
    }

    /// nil where it does not wait in a futex.
    private static func place(of thread: Int32, in pid: Int32) -> Substring? {
        guard let line = try? ProcFile(pid, "task/\(thread)/syscall").text(),
            MainThreadActivity.systemCallName(line) == "futex",
            let end = line.firstIndex(of: " ").flatMap({ line[line.index(after: $0)...].firstIndex(of: " ") })
        else { return nil }
        return line[..<end]
    }

    /// Looks again.
    /// - Returns: whether each of them has been seen since the first call to wait where it did before, or has ended.
    public mutating func haveReturned(in handle: ProcessHandle, now: ContinuousClock.Instant = .now) -> Bool {
        let start = firstLook ?? now
        firstLook = start
        for (thread, place) in places {
            if Self.place(of: thread, in: handle.pid) == place {
                places[thread] = nil
                continue
            }
            guard let stat = try? ProcessStat.read(handle.pid, thread: thread), !stat.isEnded else {
                places[thread] = nil
                continue
            }
            // One that works for so long does something else.
            let before = cpuTicks[thread] ?? stat.cpuTicks
            cpuTicks[thread] = before
            let isBusy = stat.cpuTicks > before + Self.busyTicks
            if isBusy || stat.state == "S" && start.duration(to: now) > Self.patience { places[thread] = nil }
        }
        return places.isEmpty
    }
}
