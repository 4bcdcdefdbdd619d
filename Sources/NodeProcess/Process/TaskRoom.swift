import Linux

/// How many threads and processes a process may still start, by the tightest of the limits on it.
public struct TaskRoom: Sendable, Equatable {
    public let left: UInt64
    /// A clause: what allows how many, and how many there are.
    public let bound: String
    /// The command that allows more.
    public let remedy: String

    public init(left: UInt64, bound: String, remedy: String) {
        self.left = left
        self.bound = bound
        self.remedy = remedy
    }

    /// What a remedy adds to a limit.
    static let more: UInt64 = 64

    /// - Returns: nil if nothing limits it, as far as can be seen.
    public static func read(_ handle: ProcessHandle) throws(ProcessError) -> TaskRoom? {
        try handle.bracketing { () throws(LinuxError) in
            [CgroupTree().taskRoom(of: handle.pid), try ofUser(handle.pid), ofMachine()].compactMap { $0 }
                .min { $0.left < $1.left }
        }
    }

    /// RLIMIT_NPROC counts the threads of the real user; it does not bind root, nor who has the capability to exceed it.
    private static func ofUser(_ pid: Int32) throws(LinuxError) -> TaskRoom? {
        guard let limit = try ResourceLimits.read(pid).tasks else { return nil }
        let status = try ProcessStatus.read(pid)
        guard status.realUser != 0, !status.mayExceedTaskLimit else { return nil }
        let used = threads(ofUser: status.realUser)
        return TaskRoom(
            left: limit - min(limit, used),
            bound: "RLIMIT_NPROC allows its user \(limit) threads and processes, and there are \(used)",
            remedy: "prlimit --nproc=\(max(limit, used) + more) --pid \(pid)")
    }

    /// Of all processes that can be seen.
    private static func threads(ofUser user: UInt32) -> UInt64 {
        guard let directory = try? Directory("/proc") else { return 0 }
        var count: UInt64 = 0
        while let pid = directory.nextNumber() {
            guard let status = try? ProcessStatus.read(pid), status.realUser == user else { continue }
            count &+= status.threads
        }
        return count
    }

    /// kernel.threads-max and kernel.pid_max, of which a machine seldom comes near.
    private static func ofMachine() -> TaskRoom? {
        // "0.20 0.18 0.12 1/80 11206": tasks that run, and all that there are.
        let load = CgroupFile("/proc/loadavg").text.split(separator: " ")
        guard load.count > 3, let used = load[3].split(separator: "/").last.flatMap({ UInt64($0) }) else { return nil }
        return ["threads-max", "pid_max"].compactMap { name in
            CgroupFile("/proc/sys/kernel/\(name)").number.map { limit in
                TaskRoom(
                    left: limit - min(limit, used),
                    bound: "kernel.\(name) allows the machine \(limit) threads and processes, and there are \(used)",
                    remedy: "sysctl kernel.\(name)=\(limit + more)")
            }
        }.min { $0.left < $1.left }
    }
}

extension CgroupTree {
    /// Of the groups that a process is in (pids.max); nil if that is not limited, or cannot be seen.
    func taskRoom(of pid: Int32) -> TaskRoom? {
        guard case .directory(let directory, let top, _) = place(of: pid, controller: "pids") else { return nil }
        return Self.path(from: directory, to: top).compactMap { directory -> TaskRoom? in
            guard let limit = CgroupFile(directory + "/pids.max").limit,
                let current = CgroupFile(directory + "/pids.current").number
            else { return nil }
            let file = TerminalText.escaped(directory + "/pids.max")
            return TaskRoom(
                left: limit - min(limit, current),
                bound: "\(file) allows \(limit) threads and processes, and there are \(current)",
                remedy: "echo \(max(limit, current) + TaskRoom.more) > \(file)")
        }.min { $0.left < $1.left }
    }
}
