import Glibc

/// What the main thread, which runs Node's JavaScript, is doing at this moment.
public struct MainThreadActivity: Sendable, Equatable {
    /// The kernel's letter: R runs, S sleeps, D waits for a device, T is stopped.
    public let state: Character
    /// In user space and in the kernel together, since the thread began.
    public let cpuTime: Duration
    /// The system call it sits in; `nil` where it runs, and where we may not know.
    public let blockedIn: String?

    /// An idle event loop: libuv waits there and nowhere else.
    public var isInEventLoop: Bool {
        blockedIn.map { $0.hasPrefix("epoll_") && $0 != "epoll_ctl" } ?? false
    }

    public static func read(_ handle: ProcessHandle) throws(ProcessError) -> MainThreadActivity {
        try handle.bracketing { () throws(ProcessError) in try read(handle.pid) }
    }

    /// For a process that the caller holds by other means.
    public static func read(_ pid: Int32) throws(ProcessError) -> MainThreadActivity {
        let stat = try ProcessStat.read(pid, thread: pid)
        let call = try? ProcFile(pid, "task/\(pid)/syscall").text()
        return MainThreadActivity(
            state: stat.state, cpuTime: duration(ticks: stat.cpuTicks), blockedIn: call.flatMap(systemCallName))
    }

    private static func duration(ticks: UInt64) -> Duration {
        let perSecond = UInt64(max(1, sysconf(Int32(_SC_CLK_TCK))))
        let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: perSecond)
        return .seconds(Int64(clamping: seconds)) + .nanoseconds(Int64(rest * 1_000_000_000 / perSecond))
    }

    /// From the line "232 0xd …"; "running" and "-1 …" (stopped outside a call) name none.
    static func systemCallName(_ line: String) -> String? {
        guard let first = line.split(whereSeparator: { $0 == " " || $0 == "\n" }).first,
            let number = Int(first), number >= 0
        else { return nil }
        return SystemCallNames.byNumber[number] ?? "system call \(number)"
    }
}
