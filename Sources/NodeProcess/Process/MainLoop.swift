import ELF
import Linux
import SystemPackage

/// The event loop that Node's main thread runs, as libuv has it in the process's memory.
public enum MainLoop {
    private static let symbol = "default_loop_struct"

    /// In bytes. The first two are of uv_loop_t, a part of libuv's ABI, which has not changed in version 1 (uv.h, uv/unix.h).
    private enum Offset {
        static let internalFields = 40
        static let backend = 64
        /// Of `loop_metrics.metrics.loop_count` in uv__loop_internal_fields_t (uv-common.h), from libuv 1.45 on, which Node has from
        /// 20 on. Before, what is there is 0, or a time that stands still.
        static let loopCount = 8
    }

    /// Tells whether the loop has turned since it was made.
    public final class Turns {
        private let memory: Descriptor
        private let address: UInt64
        private var start: UInt64
        private var hasTurned = false

        /// - Returns: nil where that cannot be told.
        public init?(_ handle: ProcessHandle) {
            guard let fields = MainLoop.value(at: Offset.internalFields, in: handle.pid) as UInt64?, fields != 0,
                let memory = try? Descriptor(opening: "/proc/\(handle.pid)/mem")
            else { return nil }
            address = fields &+ UInt64(Offset.loopCount)
            self.memory = memory
            start = 0
            begin()
        }

        private func count() -> UInt64 { LittleEndian((try? memory.bytes(at: address, count: 8)) ?? [])[0] ?? 0 }

        /// Begins anew.
        public func begin() {
            start = count()
            hasTurned = false
        }

        /// Whether a whole turn has begun and ended since. False says nothing.
        public var isWhole: Bool {
            // Before libuv 1.45 it shows for a moment only.
            if !hasTurned { hasTurned = count() >= start &+ 2 }
            return hasTurned
        }
    }

    /// Whether the main thread waits in that loop, and not in one that execSync runs for its child; nil where that cannot be
    /// told.
    static func isWaiting(_ pid: Int32) -> Bool? {
        guard let call = try? ProcFile(pid, "task/\(pid)/syscall").text() else { return nil }
        guard let instance = ServingThreads.epollDescriptor(call) else { return false }
        return descriptor(pid).map { $0 == instance }
    }

    /// Of its epoll instance.
    private static func descriptor(_ pid: Int32) -> Int32? { value(at: Offset.backend, in: pid) }

    /// A field of the loop; nil where that cannot be told.
    private static func value<Value: FixedWidthInteger & Sendable>(at offset: Int, in pid: Int32) -> Value? {
        // While the inspector is open, nothing of its program's file may hold us up.
        let look = { @Sendable () throws -> Value? in
            guard let memory = try ProgramMemory(pid), let address = try memory.address(of: symbol) else { return nil }
            return try memory.bytes(at: address &+ UInt64(offset), count: MemoryLayout<Value>.size)[0]
        }
        return (try? BoundedLook.run(at: pid, within: patience, look)) ?? nil
    }

    /// The symbols of Node take a tenth of a second.
    private static let patience = Duration.seconds(5)
}
