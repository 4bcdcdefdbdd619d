import CLinux
import Linux

extension ForkedChild {
    /// Sets the limits and priorities that a copy sets itself where no system call filter could end it for that.
    /// Best effort, as far as the kernel lets us.
    /// - Parameters:
    ///   - memoryBytes: of private writable memory, beside what it was forked with.
    ///   - niceness: nil for 5 more than its parent's.
    public func limit(memoryBytes: UInt64, niceness: Int?, of parent: TargetProcess) {
        guard let status = try? ProcessStatus.read(handle.pid), status.hasCallFilter, handle.isAlive else { return }
        // 1 and not 0: that is what stops a core_pattern that is a pipe as well (core(5)).
        _ = clinux_limit(handle.pid, CLINUX_RLIMIT_CORE, 1)
        // What it writes goes through a pipe.
        _ = clinux_limit(handle.pid, CLINUX_RLIMIT_FSIZE, 0)
        _ = clinux_limit(handle.pid, CLINUX_RLIMIT_DATA, status.dataBytes &+ memoryBytes)
        clinux_lower_priority(handle.pid, Int32(clamping: niceness ?? Int(clinux_niceness(parent.pid)) + 5))
    }
}
