import ELF
import Glibc
import Linux
import Synchronization
import SystemPackage

/// What ELF files turned out to be, for the length of one search. Many processes run the same file, and finding Node's
/// version in it takes reading through tens of megabytes.
final class NodeImageCache: Sendable {
    private struct State {
        var known: [Revision: NodeImage.Role?] = [:]
        var misses = 0
        /// By the owner of the files.
        var bytesRead: [UInt32: Int] = [:]
    }

    /// Held for a moment only: a look that hangs in a file must not hold the others up.
    private let state = Mutex(State())
    /// How much is read of an owner's files before the rest of them are looked at frugally: every user may run as many
    /// hostile files as he likes, and nobody runs so many versions of Node.
    private let generousBytes: Int

    init(generousBytes: Int = 8 << 30) {
        self.generousBytes = generousBytes
    }

    /// How many files were looked into.
    var misses: Int { state.withLock { $0.misses } }

    /// A file as it was at one time, whatever it is called.
    private struct Revision: Hashable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int

        init(_ status: stat) {
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
            size = Int64(status.st_size)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    /// `nil` where the file is not Node.
    func role(of file: consuming Descriptor, _ source: ProcFile) throws(LinuxError) -> NodeImage.Role? {
        let status: stat
        do throws(Errno) {
            status = try file.status()
        } catch {
            throw LinuxError("fstat", path: source.path, error)
        }
        let revision = Revision(status)
        let owner = UInt32(status.st_uid)
        let (known, bytesBefore) = state.withLock { ($0.known[revision], $0.bytesRead[owner] ?? 0) }
        if let known { return known }
        let image = ImageFile(file, bytesBefore < generousBytes ? .usual : .frugal)
        defer {
            state.withLock { state in
                state.misses += 1
                state.bytesRead[owner, default: 0] += image.bytesRead
            }
        }
        let role = try NodeImage.role(of: image, source)
        // What was broken off looks like a file that ends.
        if !LookLimit.isOver { state.withLock { $0.known[revision] = .some(role) } }
        return role
    }
}
