import CLinux
import Glibc

/// The file a snapshot is written to before it has a name that anybody would look for.
///
/// Nameless (O_TMPFILE) where the file system can, so that a killed heapdump leaves nothing; else under a hidden name
/// beside the final one, mode 0600, locked as long as its maker lives.
final class TemporaryFile {
    let descriptor: Int32
    /// nil for a nameless file.
    private(set) var name: String?
    let directory: OutputDirectory

    static let namePrefix = ".heapdump-"
    static let nameSuffix = ".tmp"

    /// - Parameter allowsNameless: false to take the way of file systems without O_TMPFILE.
    init(in directory: OutputDirectory, allowsNameless: Bool = true) throws(OutputError) {
        self.directory = directory
        if allowsNameless {
            let nameless = clinux_open_tmpfile(directory.descriptorPath, O_RDWR | O_CLOEXEC, 0o600)
            if nameless >= 0 {
                // For the moment in which `replace` gives it a hidden name.
                _ = flock(nameless, LOCK_EX | LOCK_NB)
                descriptor = nameless
                name = nil
                return
            }
            // What file systems and kernels say that have no O_TMPFILE; anything else a named file would meet as well.
            guard [EOPNOTSUPP, EISDIR, ENOENT, EINVAL].contains(errno) else {
                throw .system(operation: "create a file in", path: directory.path, code: errno)
            }
        }
        (descriptor, name) = try Self.createNamed(in: directory)
    }

    /// Gives a finished file a hidden second name here. That tells at once whether it can be moved here at all: hard
    /// links reach neither another file system nor another mount of the same.
    init?(adopting file: Int32, in directory: OutputDirectory) {
        let descriptor = fcntl(file, F_DUPFD_CLOEXEC, 3)
        guard descriptor >= 0 else { return nil }
        let name = Self.randomName()
        // Node before 18 lets everybody read its snapshots.
        guard fchmod(descriptor, 0o600) == 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0,
            clinux_link_descriptor(descriptor, directory.descriptor, name) == 0
        else {
            close(descriptor)
            return nil
        }
        self.directory = directory
        self.descriptor = descriptor
        self.name = name
    }

    private static func randomName() -> String {
        namePrefix + String(UInt64.random(in: .min ... .max), radix: 36) + nameSuffix
    }

    deinit {
        discard()
        close(descriptor)
    }

    private static func createNamed(in directory: OutputDirectory) throws(OutputError) -> (Int32, String) {
        for _ in 0..<100 {
            let name = randomName()
            let descriptor = openat(
                directory.descriptor, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                if errno == EEXIST { continue }
                throw .system(operation: "create a file in", path: directory.path, code: errno)
            }
            // Another heapdump that cleans up may have come between creating and locking: then it has removed the file.
            var status = stat()
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0, fstat(descriptor, &status) == 0, status.st_nlink > 0 {
                return (descriptor, name)
            }
            unlinkat(directory.descriptor, name, 0)
            close(descriptor)
        }
        throw .system(operation: "create a file in", path: directory.path, code: EEXIST)
    }

    /// Gives the file its final name.
    /// - Returns: false where something has that name already.
    func link(as final: String) throws(OutputError) -> Bool {
        if let name {
            if clinux_renameat2(directory.descriptor, name, directory.descriptor, final, CLINUX_RENAME_NOREPLACE) == 0 {
                self.name = nil
                return true
            }
            if errno == EEXIST { return false }
            return try moveWithoutFlag(name, to: final)
        }
        if clinux_link_descriptor(descriptor, directory.descriptor, final) == 0 { return true }
        if errno == EEXIST { return false }
        throw .system(operation: "publish", path: directory.path + "/" + final, code: errno)
    }

    /// Where renameat2 or its flag is missing (NFS, some FUSE file systems, seccomp), a hard link refuses to replace as
    /// well; where there are no hard links, an empty file takes the name first.
    private func moveWithoutFlag(_ name: String, to final: String) throws(OutputError) -> Bool {
        if linkat(directory.descriptor, name, directory.descriptor, final, 0) == 0 {
            discard()
            return true
        }
        if errno == EEXIST { return false }
        let placeholder = openat(
            directory.descriptor, final, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        if placeholder < 0, errno == EEXIST { return false }
        if placeholder >= 0 { close(placeholder) }
        guard placeholder >= 0, renameat(directory.descriptor, name, directory.descriptor, final) == 0 else {
            let code = errno
            if placeholder >= 0 { unlinkat(directory.descriptor, final, 0) }
            throw .system(operation: "publish", path: directory.path + "/" + final, code: code)
        }
        self.name = nil
        return true
    }

    /// Puts the file in the place of a regular file, which disappears in the same moment.
    func replace(_ final: String) throws(OutputError) {
        if name == nil {
            let step = Self.randomName()
            guard try link(as: step) else {
                throw .system(operation: "publish", path: directory.path + "/" + step, code: EEXIST)
            }
            name = step
        }
        guard let name, renameat(directory.descriptor, name, directory.descriptor, final) == 0 else {
            throw .system(operation: "replace", path: directory.path + "/" + final, code: errno)
        }
        self.name = nil
    }

    /// Removes the hidden name, if there is one.
    func discard() {
        guard let name else { return }
        unlinkat(directory.descriptor, name, 0)
        self.name = nil
    }
}
