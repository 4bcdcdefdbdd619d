import Glibc
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
        guard let image = try ELFImage(ImageFile(Descriptor(opening: "/proc/\(pid)/exe"))),
            let address = try image.address(ofLocal: symbol), let bias = try loadBias(of: image, pid)
        else { return nil }
        let memory = try Descriptor(opening: "/proc/\(pid)/mem")
        guard let root = try word(at: address &+ bias, in: memory) else { return nil }
        var signals = SignalSet()
        var next = root == 0 ? [] : [root]
        var seen = Set(next)
        while let node = next.popLast() {
            let bytes = LittleEndian(try memory.bytes(at: node, count: Offset.end))
            guard let signal: Int32 = bytes[Offset.signal], let left: UInt64 = bytes[Offset.left],
                let right: UInt64 = bytes[Offset.right], (1...64).contains(signal)
            else { return nil }
            signals.insert(SignalSet(signal: signal))
            for child in [left, right] where child != 0 && seen.insert(child).inserted { next.append(child) }
            if seen.count > mostNodes { return nil }
        }
        return signals
    }

    private static func word(at address: UInt64, in memory: borrowing Descriptor) throws(Errno) -> UInt64? {
        LittleEndian(try memory.bytes(at: address, count: 8))[0]
    }

    /// How far from its own addresses an executable was loaded: AT_PHDR of the auxiliary vector says where its program
    /// headers are.
    private static func loadBias(of image: borrowing ELFImage, _ pid: Int32) throws(Errno) -> UInt64? {
        let vector = LittleEndian(try Descriptor(opening: "/proc/\(pid)/auxv").bytes(upTo: 4096))
        for base in stride(from: 0, to: vector.bytes.count, by: 16) {
            guard let key: UInt64 = vector[base], let value: UInt64 = vector[base + 8] else { return nil }
            if key == UInt64(AT_PHDR), let own = image.addressOfProgramHeaders { return value &- own }
        }
        return nil
    }
}
