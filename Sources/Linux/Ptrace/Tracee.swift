import CLinux
import Glibc
import SystemPackage

/// One thread of another process, stopped by ptrace. It goes on when this ends, whatever ends it: the kernel lets go of the
/// thread even where this program is killed.
///
/// The kernel binds a tracee to the thread that seized it: so this is used on one thread, and never across an `await`.
///
/// A system call that the thread was blocked in goes on by itself afterwards. A few (epoll_wait, of those that Node makes)
/// return EINTR instead, as after any debugger's look; libuv calls them again.
package struct Tracee: ~Copyable {
    package let thread: Int32
    /// What stopped it instead of us, to be handed on when it goes on; 0 for nothing.
    private var signal: Int32

    /// Stops a thread.
    /// - Parameter patience: for a thread that cannot stop now, since it waits for a device.
    /// - Throws: EPERM where it may not be traced, or is traced by another; ESRCH where it has ended; ETIMEDOUT.
    package init(stopping thread: Int32, patience: Duration) throws(LinuxError) {
        try Self.call { clinux_ptrace_seize(thread) }
        // A thread that does not stop in time cannot be released here. The kernel does that when the calling thread ends.
        try Self.call { clinux_ptrace_interrupt(thread) }
        signal = try Self.awaitStop(of: thread, within: patience)
        self.thread = thread
    }

    static func call(_ body: () -> Int32) throws(LinuxError) {
        do throws(Errno) {
            _ = try Linux.systemCall(body)
        } catch {
            throw LinuxError("ptrace", error)
        }
    }

    deinit {
        _ = clinux_ptrace_detach(thread, signal)
    }

    /// - Returns: the signal that was about to be delivered; 0 if none was.
    static func awaitStop(of thread: Int32, within patience: Duration) throws(LinuxError) -> Int32 {
        let end = ContinuousClock.now + patience
        var pause: UInt32 = 20
        while true {
            var status: Int32 = 0
            let result: Int32
            do throws(Errno) {
                result = try Linux.systemCall { waitpid(thread, &status, Int32(CLINUX_WALL) | WNOHANG) }
            } catch {
                throw LinuxError("waitpid", error)
            }
            if result == thread {
                // The low byte 0x7F marks a stop; anything else is an end.
                guard status & 0xFF == 0x7F else { throw LinuxError("waitpid", .noSuchProcess) }
                // Above the signal is the event: our own stop, or that of the whole process, has one, and nothing to hand on.
                return status >> 16 == 0 ? status >> 8 & 0xFF : 0
            }
            if ContinuousClock.now >= end { throw LinuxError("waitpid", .timedOut) }
            // No descriptor tells of a thread's stop, and SIGCHLD has other uses; it takes microseconds.
            usleep(pause)
            pause = min(pause * 2, 1000)
        }
    }

    package func registers() throws(LinuxError) -> Registers {
        var words = [UInt64](repeating: 0, count: Int(CLINUX_REGISTERS))
        let thread = thread
        try Self.call { clinux_ptrace_registers(thread, &words) }
        return Registers(words: words)
    }
}
