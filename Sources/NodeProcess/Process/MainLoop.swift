import SystemPackage

/// The event loop that Node's main thread runs, as libuv has it in the process's memory.
enum MainLoop {
    private static let symbol = "default_loop_struct"
    /// Of `backend_fd` in uv_loop_t, in bytes: a part of libuv's ABI, which has not changed in version 1 (uv.h, uv/unix.h).
    private static let offset = 64

    /// Whether the main thread waits in that loop, and not in one that execSync runs for its child; nil where that cannot be
    /// told.
    static func isWaiting(_ pid: Int32) -> Bool? {
        guard let call = try? ProcFile(pid, "task/\(pid)/syscall").text() else { return nil }
        guard let instance = ServingThreads.epollDescriptor(call) else { return false }
        return descriptor(pid).map { $0 == instance }
    }

    /// Of its epoll instance.
    private static func descriptor(_ pid: Int32) -> Int32? {
        do throws(Errno) {
            guard let memory = try ProgramMemory(pid), let address = try memory.address(of: symbol) else { return nil }
            return try memory.bytes(at: address &+ UInt64(offset), count: 4)[0]
        } catch {
            return nil
        }
    }
}
