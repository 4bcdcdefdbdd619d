import Glibc
public import Linux
import SystemPackage

/// The signals that an application has handlers for (`process.on('SIGUSR1', …)`), from libuv's own tree of them in the
/// process's memory. SigCgt cannot tell such a handler from the one by which Node opens its inspector.
///
/// `uv__signal_tree` is a static variable: only .symtab names it, which Node's official binaries have and a stripped one has
/// not. The layout of uv_signal_t is a part of libuv's ABI, which has not changed in version 1 (uv.h, uv/unix.h).
public enum LibuvSignalHandlers {
    private static let symbol = "uv__signal_tree"
    /// A process has a handful; more than that is no tree.
    private static let mostNodes = 1024

    /// Byte offsets in uv_signal_t, and its size up to the last of them.
    private enum Offset {
        static let signal = 104
        static let left = 112
        static let right = 120
        static let end = 128
    }

    /// - Returns: nil if that cannot be told: the executable is stripped, its memory may not be read, or the tree changed
    ///   while it was read.
    public static func signals(of handle: ProcessHandle) throws(ProcessError) -> SignalSet? {
        try handle.bracketing { () throws(ProcessError) -> SignalSet? in
            do throws(Errno) {
                return try read(handle.pid)
            } catch {
                return nil
            }
        }
    }

    private static func read(_ pid: Int32) throws(Errno) -> SignalSet? {
        guard let memory = try ProgramMemory(pid), let address = try memory.address(of: symbol),
            let root: UInt64 = try memory.bytes(at: address, count: 8)[0]
        else { return nil }
        var signals = SignalSet()
        var next = root == 0 ? [] : [root]
        var seen = Set(next)
        while let node = next.popLast() {
            let bytes = try memory.bytes(at: node, count: Offset.end)
            guard let signal: Int32 = bytes[Offset.signal], let left: UInt64 = bytes[Offset.left],
                let right: UInt64 = bytes[Offset.right], (1...64).contains(signal)
            else { return nil }
            signals.insert(SignalSet(signal: signal))
            for child in [left, right] where child != 0 && seen.insert(child).inserted { next.append(child) }
            if seen.count > mostNodes { return nil }
        }
        return signals
    }
}
