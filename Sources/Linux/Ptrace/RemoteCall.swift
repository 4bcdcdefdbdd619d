import CLinux
import SystemPackage

// Calls made by a stopped thread. Before its registers are changed, a frame is laid on its stack from which the kernel restores all of
// them, the signal mask and the state of the floating point unit included. The call returns into that. So whatever happens to this program
// from then on, the thread makes its call and goes on: it needs no tracer.
extension Tracee {
    /// Whether the thread waits in a system call, and not in code of its own.
    /// - Parameter memory: of its process.
    package func isInSystemCall(_ memory: borrowing MemoryFile) throws(LinuxError) -> Bool {
        let registers = try registers()
        guard registers.systemCall != nil else { return false }
        // The instruction before.
        return (try? memory.bytes(at: registers.instructionPointer &- 2, count: 2)) == [0x0F, 0x05]
    }

    /// Has the thread make a system call, and awaits its end.
    /// - Returns: as the kernel does: a negative errno where it failed.
    /// - Throws: EIO where the stack has no room left. ETIMEDOUT where it does not come to its end, which it will all the same.
    package mutating func systemCall(
        _ number: Int, _ arguments: [UInt64], by path: ReturnPath, in memory: borrowing MemoryFile,
        within patience: Duration
    ) throws(LinuxError) -> Int64 {
        try enter(path.systemCall, number, arguments, path, memory)
        // A handler that ran now would make system calls of its own. From here on the call itself restores the mask.
        let thread = thread
        try Self.call { clinux_ptrace_block_signals(thread, ~0) }
        let end = ContinuousClock.now + patience
        // Into the call, out of it, into rt_sigreturn.
        try toSystemCall(until: end)
        try toSystemCall(until: end)
        let result = Int64(bitPattern: try registers().result)
        try toSystemCall(until: end)
        // Out of it: all is as it was.
        try toSystemCall(until: end)
        return result
    }

    /// Has the thread call a function of up to three arguments as soon as it goes on.
    package mutating func enter(
        _ function: UInt64, _ arguments: [UInt64], by path: ReturnPath, in memory: borrowing MemoryFile
    ) throws(LinuxError) {
        try enter(function, -1, arguments, path, memory)
    }

    private mutating func enter(
        _ function: UInt64, _ number: Int, _ arguments: [UInt64], _ path: ReturnPath, _ memory: borrowing MemoryFile
    ) throws(LinuxError) {
        var state = clinux_thread_state()
        let thread = thread
        try Self.call { clinux_ptrace_read_state(thread, &state) }
        var frame = [UInt8](repeating: 0, count: Int(CLINUX_FRAME_BYTES))
        var place: UInt64 = 0
        let size = clinux_signal_frame(&state, path.restore, &frame, &place)
        guard size > 0 else { throw LinuxError("ptrace", .notSupported) }
        try memory.write(frame[..<size], at: place)
        var all = arguments + [UInt64](repeating: 0, count: 6 - arguments.count)
        try Self.call { clinux_ptrace_enter(thread, &state, function, place, Int64(number), &all) }
    }

    private func toSystemCall(until end: ContinuousClock.Instant) throws(LinuxError) {
        while true {
            let thread = thread
            try Self.call { clinux_ptrace_to_system_call(thread) }
            let stop = try Self.awaitStop(of: thread, within: ContinuousClock.now.duration(to: end))
            if stop == Int32(CLINUX_SYSTEM_CALL_STOP) { return }
        }
    }
}
