import Glibc
import Linux
import SystemPackage

/// Bytes on their way to a reader that is slower than V8. They wait in a nameless file: what heapdump does not take
/// from the inspector would pile up in the target's memory.
final class Spool {
    private let file: TemporaryFile
    private var written = 0
    private var drained = 0

    /// In $TMPDIR, else /tmp. Nobody else can open the file.
    init() throws(OutputError) {
        let path = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        file = try TemporaryFile(in: OutputDirectory(path: path.hasPrefix("/") ? path : "/tmp"))
        file.discard()
    }

    var isEmpty: Bool { drained == written }

    /// - Returns: how many bytes were taken; fewer than all where the disk is full.
    func append(_ bytes: UnsafeRawBufferPointer) -> Int {
        var taken = 0
        while taken < bytes.count, let base = bytes.baseAddress {
            let count = try? systemCall { pwrite(file.descriptor, base + taken, bytes.count - taken, written) }
            guard let count, count > 0 else { break }
            taken += count
            written += count
        }
        return taken
    }

    /// The oldest bytes, `buffer.count` at most; they stay until `drop` is called.
    func peek(into buffer: UnsafeMutableRawBufferPointer) throws(OutputError) -> Int {
        let wanted = min(buffer.count, written - drained)
        do throws(Errno) {
            let count = try systemCall { pread(file.descriptor, buffer.baseAddress, wanted, drained) }
            if count == 0, wanted > 0 { throw .ioError }
            return count
        } catch {
            throw .system(operation: "read back from", path: file.directory.path, code: error.rawValue)
        }
    }

    func drop(_ count: Int) {
        drained += count
        guard isEmpty else { return }
        // The space is needed again: a snapshot may be larger than what is free.
        if ftruncate(file.descriptor, 0) == 0 {
            drained = 0
            written = 0
        }
    }
}
