import Linux

/// What the main thread, which runs Node's JavaScript, is doing at this moment.
public struct MainThreadActivity: Sendable, Equatable {
    /// The kernel's letter: R runs, S sleeps, D waits for a device, T is stopped.
    public let state: Character
    /// In user space and in the kernel together, since the thread began.
    public let cpuTime: Duration
    /// The system call it sits in, or the kernel's function where no more can be seen; `nil` where it runs, and where
    /// we may not know.
    public let blockedIn: String?

    public init(state: Character, cpuTime: Duration, blockedIn: String?) {
        self.state = state
        self.cpuTime = cpuTime
        self.blockedIn = blockedIn
    }

    /// An idle event loop: libuv waits there and nowhere else.
    public var isInEventLoop: Bool {
        blockedIn.map { $0.hasPrefix("epoll_") && $0 != "epoll_ctl" } ?? false
    }

    /// Whether a signal would make a call of the program's fail with EINTR: Node's handlers are installed without
    /// SA_RESTART. libuv takes up its wait for events again, and a futex's waiters do; what else the JavaScript thread
    /// waits in, such as a synchronous read, throws.
    public var isInBreakableCall: Bool {
        guard state == "S", let blockedIn else { return false }
        return !isInEventLoop && !blockedIn.hasPrefix("futex")
    }

    /// Whether a signal breaks the call off even where its handler was installed with SA_RESTART, as libuv's are; the
    /// list is that of signal(7). The event loop's own wait is taken up again by libuv.
    public var isInUnrestartableCall: Bool {
        guard isInBreakableCall, let blockedIn else { return false }
        return Self.unrestartable.contains(blockedIn)
    }

    private static let unrestartable: Set<String> = [
        "poll", "ppoll", "select", "pselect6", "nanosleep", "clock_nanosleep", "pause", "rt_sigsuspend",
        "rt_sigtimedwait", "restart_syscall",
    ]

    /// By job control or a debugger, or frozen with its cgroup: nothing else makes the wait for events one that cannot be
    /// interrupted.
    public var isStopped: Bool { state == "T" || state == "t" || state == "D" && isInEventLoop }

    /// In an event loop that takes up work as soon as there is some.
    public var isIdle: Bool { isInEventLoop && !isStopped }

    public static func read(_ handle: ProcessHandle) throws(ProcessError) -> MainThreadActivity {
        try handle.bracketing { () throws(LinuxError) in try look(handle.pid) }
    }

    /// For a process that the caller holds by other means.
    public static func read(_ pid: Int32) throws(ProcessError) -> MainThreadActivity {
        try ProcessError.ofLook(at: pid) { () throws(LinuxError) in try look(pid) }
    }

    private static func look(_ pid: Int32) throws(LinuxError) -> MainThreadActivity {
        let stat = try ProcessStat.read(pid, thread: pid)
        let call = try? ProcFile(pid, "task/\(pid)/syscall").text()
        return MainThreadActivity(
            state: stat.state, cpuTime: Duration(clockTicks: stat.cpuTicks),
            blockedIn: call.map { SystemCallName.inLine($0) } ?? waitChannel(pid))
    }

    /// Where system calls may not be seen (Yama's ptrace_scope), the function that the kernel sleeps in still may.
    private static func waitChannel(_ pid: Int32) -> String? {
        guard let name = try? ProcFile(pid, "task/\(pid)/wchan").text() else { return nil }
        return SystemCallName.ofWaitChannel(name)
    }
}
