import Glibc

/// /proc/PID/stat or /proc/PID/task/TID/stat.
package struct ProcessStat: Equatable {
    package let state: Character
    package let parent: Int32
    package let isKernelThread: Bool
    /// User and system time, in clock ticks.
    package let cpuTicks: UInt64
    package let threadCount: Int
    /// Clock ticks after boot.
    package let startTime: UInt64
    /// Of a process that has ended, as wait(2) has it; nil for who may not trace it.
    package let exitStatus: Int32?

    package var isEnded: Bool { state == "Z" || state == "X" || state == "x" }

    package init?(_ text: some Collection<UInt8>) {
        // The name stands in parentheses and may hold spaces and parentheses itself: the last one ends it.
        let bytes = Array(text)
        guard let nameEnd = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(nameEnd + 1)...].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        // Fields are numbered as in proc(5); the state is the third.
        func number<Value: FixedWidthInteger>(_ field: Int) -> Value? {
            let index = field - 3
            return fields.indices.contains(index) ? Value(String(decoding: fields[index], as: UTF8.self)) : nil
        }
        guard let first = fields.first, first.count == 1, let state = first.first,
            let parent: Int32 = number(4), let flags: UInt64 = number(9),
            let user: UInt64 = number(14), let system: UInt64 = number(15), let threadCount: Int = number(20),
            let startTime: UInt64 = number(22)
        else { return nil }
        self.state = Character(Unicode.Scalar(state))
        self.parent = parent
        isKernelThread = flags & 0x0020_0000 != 0  // PF_KTHREAD
        cpuTicks = user &+ system
        self.threadCount = threadCount
        self.startTime = startTime
        let status: Int32? = number(52)
        // To others than its tracer's equals the kernel says 0, as if all were well.
        exitStatus = status == 0 ? nil : status
    }

    package static func read(_ pid: Int32, thread: Int32? = nil) throws(LinuxError) -> ProcessStat {
        let file = ProcFile(pid, thread.map { "task/\($0)/stat" } ?? "stat")
        let bytes = try file.bytes()
        guard let stat = ProcessStat(bytes) else {
            // That of a process that is ending is empty.
            throw LinuxError("read", path: file.path, bytes.isEmpty ? .noSuchProcess : nil)
        }
        return stat
    }
}
