import Glibc
import NodeProcess

/// A snapshot file that the target writes or has written, held open for reading.
final class TargetSnapshot {
    let descriptor: Int32
    let identity: FileIdentity
    /// As the target names it.
    let path: String
    private let target: ProcessHandle
    /// The target's descriptor of it; nil where it was closed when the file was found.
    private let openAs: Int32?
    /// Where it stands; nil where that cannot be reached.
    private let place: (directory: TargetDirectory, name: String)?

    init(
        descriptor: Int32, identity: FileIdentity, openAs: Int32?, path: String,
        place: (directory: TargetDirectory, name: String)?, target: ProcessHandle
    ) {
        self.descriptor = descriptor
        self.identity = identity
        self.openAs = openAs
        self.path = path
        self.place = place
        self.target = target
    }

    /// Opens a file that no descriptor of the target's proves to be its own: only a regular file, of the target's user,
    /// with no second name, and no link.
    convenience init?(named name: String, in directory: TargetDirectory, target: TargetProcess) {
        let descriptor = openat(
            directory.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1,
            status.st_uid == target.uid
        else {
            close(descriptor)
            return nil
        }
        self.init(
            descriptor: descriptor, identity: FileIdentity(status), openAs: nil, path: directory.path + "/" + name,
            place: (directory, name), target: target.handle)
    }

    deinit { close(descriptor) }

    var shownPath: String { TerminalText.escaped(path) }

    /// Whether the target still has it open.
    var isBeingWritten: Bool {
        guard let openAs else { return false }
        var status = stat()
        return stat("/proc/\(target.pid)/fd/\(openAs)", &status) == 0 && FileIdentity(status) == identity
    }

    /// Bytes so far.
    var size: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Whether it belongs to who runs heapdump.
    var isOurs: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_uid == geteuid()
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
