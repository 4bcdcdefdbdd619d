import CLinux
import Glibc
import Linux
import SystemPackage

/// The directory a snapshot is published in, held open so that everything happens in the very same one.
final class OutputDirectory {
    private let directory: Descriptor
    var descriptor: Int32 { directory.raw }
    let path: String

    init(path: String) throws(OutputError) {
        self.path = path
        do throws(Errno) {
            // O_PATH: a directory that may be written but not listed (mode 0300) is enough to publish in.
            directory = try Descriptor(opening: path, CLINUX_O_PATH | O_DIRECTORY)
        } catch {
            throw .system(operation: "open the directory", path: path, code: error.rawValue)
        }
    }

    /// A file in it.
    func open(_ name: String, _ flags: Int32, mode: UInt32 = 0) throws(Errno) -> Descriptor {
        try Descriptor(opening: name, in: directory, flags, mode: mode)
    }

    /// A descriptor that stands for a place only is not taken by every call.
    private func openForReading() throws(Errno) -> Descriptor { try open(".", O_RDONLY | O_DIRECTORY) }

    func path(of name: String) -> String { path == "/" ? "/" + name : path + "/" + name }

    /// - Throws: `tooLittleSpace` where not even the smallest snapshot fits.
    func checkSpace() throws(OutputError) {
        guard let room, room.bytes < SmallestSnapshot.bytes else { return }
        throw .tooLittleSpace(path: path, available: room.bytes, needed: SmallestSnapshot.bytes)
    }

    /// nil where the file system does not say how much it holds.
    var room: OutputRoom? {
        var status = statvfs()
        guard fstatvfs(descriptor, &status) == 0, status.f_blocks > 0 else { return nil }
        // Some blocks are kept for root.
        let free = UInt64(geteuid() == 0 ? status.f_bfree : status.f_bavail) &* UInt64(status.f_frsize)
        var quota: UInt64 = 0
        var hasQuota = false
        if let readable = try? openForReading() {
            hasQuota = clinux_quota_left(readable.raw, geteuid(), &quota) == 0
        }
        return OutputRoom(path: path, bytes: hasQuota ? min(free, quota) : free)
    }

    /// Makes the new name durable. Where a directory cannot be synced the name stands all the same.
    func sync() {
        if let readable = try? openForReading() { _ = fsync(readable.raw) }
    }

    /// A path that leads to this very directory, for calls that take no descriptor.
    var descriptorPath: String { "/proc/self/fd/\(descriptor)" }
}

/// The size that no snapshot of a Node process stays below: an empty program's is 2 MB and more from Node 14 to 24.
enum SmallestSnapshot {
    static let bytes: UInt64 = 1 << 20
}
