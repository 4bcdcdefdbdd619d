import Glibc
import SystemPackage

/// What ELF files turned out to be, for the length of one search. Many processes run the same file, and finding Node's
/// version in it takes reading through tens of megabytes.
final class NodeImageCache {
    private var known: [Revision: NodeImage.Role?] = [:]
    /// How many files were looked into.
    private(set) var misses = 0
    /// What was read of them.
    private var bytesRead = 0
    /// How much is read before the rest are looked at frugally: every user may run as many hostile files as he likes, and
    /// nobody runs so many versions of Node.
    private let generousBytes: Int

    init(generousBytes: Int = 8 << 30) {
        self.generousBytes = generousBytes
    }

    /// A file as it was at one time, whatever it is called.
    private struct Revision: Hashable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    /// `nil` where the file is not Node.
    func role(of file: consuming Descriptor, _ source: ProcFile) throws(ProcessError) -> NodeImage.Role? {
        let image = ImageFile(file, bytesRead < generousBytes ? .usual : .frugal)
        let revision: Revision
        do throws(Errno) {
            let status = try image.status()
            revision = Revision(
                device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
                seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        } catch {
            throw source.failure(error)
        }
        if let role = known[revision] { return role }
        misses += 1
        defer { bytesRead += image.bytesRead }
        let role = try NodeImage.role(of: image, source)
        known[revision] = .some(role)
        return role
    }
}
