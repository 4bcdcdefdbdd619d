import Glibc
import SystemPackage

/// What ELF files turned out to be, for the length of one search. Many processes run the same file, and finding Node's
/// version in it takes reading through tens of megabytes.
final class NodeImageCache {
    private var known: [Revision: NodeImage.Version?] = [:]
    /// How many files were looked into.
    private(set) var misses = 0

    /// A file as it was at one time, whatever it is called.
    private struct Revision: Hashable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let seconds: Int
        let nanoseconds: Int
    }

    /// `nil` where the file is not Node.
    func version(of file: consuming Descriptor, _ source: ProcFile) throws(ProcessError) -> NodeImage.Version? {
        let revision: Revision
        do throws(Errno) {
            let status = try file.status()
            revision = Revision(
                device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
                seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        } catch {
            throw source.failure(error)
        }
        if let version = known[revision] { return version }
        misses += 1
        let version = try NodeImage.version(of: file, source)
        known[revision] = .some(version)
        return version
    }
}
