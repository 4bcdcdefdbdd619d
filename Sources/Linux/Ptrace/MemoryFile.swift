import Glibc
package import SystemPackage

/// The memory of another process, to read and to write. What it keeps from being written it itself cannot keep from us: the kernel gives
/// the process a page of its own then.
package struct MemoryFile: ~Copyable, Sendable {
    private let file: Descriptor

    /// - Throws: EACCES or EPERM where the process may not be traced.
    package init(_ pid: Int32) throws(LinuxError) {
        file = try ProcFile(pid, "mem").open(O_RDWR)
    }

    /// - Throws: EIO for what is not mapped.
    package func bytes(at address: UInt64, count: Int) throws(Errno) -> [UInt8] {
        let bytes = try file.bytes(at: address, count: count)
        guard bytes.count == count else { throw .ioError }
        return bytes
    }

    /// - Throws: EIO for what is not mapped; nothing is written then but whole pages before.
    package func write(_ bytes: ArraySlice<UInt8>, at address: UInt64) throws(Errno) {
        var written = 0
        while written < bytes.count {
            let place = off_t(Int64(bitPattern: address)) + off_t(written)
            let count = try systemCall {
                bytes.withUnsafeBytes {
                    pwrite(file.raw, $0.baseAddress.map { $0 + written }, $0.count - written, place)
                }
            }
            guard count > 0 else { throw .ioError }
            written += count
        }
    }
}
