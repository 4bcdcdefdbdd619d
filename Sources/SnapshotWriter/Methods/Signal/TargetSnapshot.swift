import CLinux
import Glibc
import Linux
import NodeProcess
import SystemPackage

/// A snapshot file that the target writes or has written, held open for reading.
final class TargetSnapshot {
    private let file: Descriptor
    var descriptor: Int32 { file.raw }
    let identity: FileIdentity
    /// As the target names it.
    let path: String
    /// Whether its owner is who runs heapdump, and is the target's user: one party, that need not be guarded against
    /// itself.
    let isOurs: Bool
    private let target: ProcessHandle
    /// The target's descriptor of it; nil where it was closed when the file was found.
    private let openAs: Int32?
    /// Where it stands; nil where that cannot be reached.
    private let place: (directory: TargetDirectory, name: String)?

    /// Only a regular file, of the target's user, with no second name.
    private init?(
        _ file: consuming Descriptor, openAs: Int32?, path: String, place: (directory: TargetDirectory, name: String)?,
        target: SnapshotAuthor
    ) {
        guard let status = try? file.status(), status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1,
            status.st_uid == target.userID
        else { return nil }
        self.file = file
        identity = FileIdentity(status)
        self.path = path
        isOurs = target.userID == geteuid()
        self.target = target.handle
        self.openAs = openAs
        self.place = place
    }

    /// A file that the target has open for writing.
    convenience init?(
        _ open: SnapshotDescriptor, place: (directory: TargetDirectory, name: String)?, target: SnapshotAuthor
    ) throws {
        guard let file = try SnapshotDescriptors.open(open, of: target.handle) else { return nil }
        self.init(file, openAs: open.number, path: open.path, place: place, target: target)
    }

    /// A file that no descriptor of the target's proves to be its own.
    convenience init?(named name: String, in directory: TargetDirectory, target: SnapshotAuthor) {
        guard let file = directory.openRegularFile(name) else { return nil }
        self.init(
            file, openAs: nil, path: directory.path + "/" + name, place: (directory, name),
            target: target)
    }

    var shownPath: String { TerminalText.escaped(path) }

    /// - Parameter call: reads from the descriptor, and says how much.
    func read(_ call: (Int32) -> Int) throws(DumpFailure) -> Int {
        do throws(Errno) {
            return try systemCall { call(descriptor) }
        } catch {
            throw .output(.system(operation: "read", path: path, code: error.rawValue))
        }
    }

    /// Whether the target still has it open.
    func isBeingWritten() throws -> Bool {
        guard let openAs else { return false }
        var status = stat()
        if stat("/proc/\(target.pid)/fd/\(openAs)", &status) == 0, FileIdentity(status) == identity { return true }
        return try SnapshotDescriptors.isWriting(identity, target)
    }

    /// Whether any process has it open for writing, as far as the file system can tell: a lease is not given then.
    var hasWriter: Bool {
        if clinux_set_read_lease(descriptor, true) == 0 {
            _ = clinux_set_read_lease(descriptor, false)
            return false
        }
        return errno == EAGAIN
    }

    /// Bytes so far.
    var size: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Where the first hole begins, or the file ends.
    var bytesBeforeHole: Int {
        // SEEK_HOLE, which <unistd.h> hides without _GNU_SOURCE. It moves the place where reading goes on: nobody reads there any more.
        let hole = lseek(descriptor, 0, 4)
        return hole < 0 ? size : min(size, hole)
    }

    /// Whether it can be taken away from where it stands.
    var isRemovable: Bool {
        guard let place else { return false }
        return place.directory.holds(identity, as: place.name)
            && faccessat(place.directory.descriptor, ".", W_OK | X_OK, AT_EACCESS) == 0
    }

    /// Takes it away from where the target wrote it.
    /// - Returns: false where it still stands there.
    func remove() -> Bool {
        guard let place else { return false }
        // Another file may have its name by now.
        guard place.directory.holds(identity, as: place.name) else { return true }
        return unlinkat(place.directory.descriptor, place.name, 0) == 0
    }
}
