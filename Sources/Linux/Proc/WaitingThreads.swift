/// Threads of a process, other than the main one, that wait for another thread's word (futex): whether they wait there again.
public struct WaitingThreads: Sendable {
    private struct Place: Equatable {
        let address: Substring
        /// Whether glibc waits so for semaphores and conditions, and for nothing else: their addresses change from wait to wait.
        let isForWord: Bool
    }

    private var places: [Int32: Place]
    /// In clock ticks, at the first look.
    private var cpuTicks: [Int32: UInt64] = [:]
    private var firstLook: ContinuousClock.Instant?

    /// A thread that waits somewhere else has been given enough time for what is done in microseconds.
    private static let patience = Duration.seconds(2)
    /// A second, on every kernel that there is.
    private static let busyTicks: UInt64 = 100

    /// As they are at this moment; none where that may not be seen.
    package init(of pid: Int32) {
        places = [:]
        guard let threads = try? Directory("/proc/\(pid)/task") else { return }
        while let thread = threads.nextNumber() {
            if thread != pid, let place = Self.place(of: thread, in: pid) { places[thread] = place }
        }
    }

    /// nil where it does not wait in a futex.
    private static func place(of thread: Int32, in pid: Int32) -> Place? {
        guard let line = try? ProcFile(pid, "task/\(thread)/syscall").text(),
            SystemCallName.inLine(line) == "futex"
        else { return nil }
        let words = line.split(separator: " ")
        guard words.count > 2, let operation = Int(words[2].dropFirst(2), radix: 16) else { return nil }
        return Place(address: words[1], isForWord: operation & 0x7F == 9)  // FUTEX_WAIT_BITSET
    }

    /// Looks again.
    /// - Returns: whether each of them has been seen since the first call to wait where it did before, or has ended.
    package mutating func haveReturned(in pid: Int32, now: ContinuousClock.Instant = .now) -> Bool {
        let start = firstLook ?? now
        firstLook = start
        for (thread, place) in places {
            let current = Self.place(of: thread, in: pid)
            if let current, current.address == place.address || current.isForWord && place.isForWord {
                places[thread] = nil
                continue
            }
            guard let stat = try? ProcessStat.read(pid, thread: thread), !stat.isEnded else {
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
