import Glibc
import SystemPackage

/// The memory of another process, to read and to write. Read-only memory can be written too: the kernel gives the process a page of its
/// own for that.
package struct MemoryFile: ~Copyable, Sendable {
    private let file: Descriptor
    private let path: String

    /// - Throws: EACCES or EPERM where the process may not be traced.
    package init(_ pid: Int32) throws(LinuxError) {
        let place = ProcFile(pid, "mem")
        path = place.path
        file = try place.open(O_RDWR)
    }

    /// - Throws: EIO for what is not mapped.
    package func bytes(at address: UInt64, count: Int) throws(LinuxError) -> [UInt8] {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try file.bytes(at: address, count: count)
        } catch {
            throw LinuxError("read", path: path, error)
        }
        guard bytes.count == count else { throw LinuxError("read", path: path, .ioError) }
        return bytes
    }

    /// - Throws: EIO for what is not mapped; nothing is written then but whole pages before.
    package func write(_ bytes: ArraySlice<UInt8>, at address: UInt64) throws(LinuxError) {
        do throws(Errno) {
            try writeAll(bytes, at: address)
        } catch {
            throw LinuxError("write", path: path, error)
        }
    }

    private func writeAll(_ bytes: ArraySlice<UInt8>, at address: UInt64) throws(Errno) {
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
