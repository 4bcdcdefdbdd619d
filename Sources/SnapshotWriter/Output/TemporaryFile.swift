import CLinux
import Glibc
import Linux
import SystemPackage

/// The file a snapshot is written to before it has a name that anybody would look for.
///
/// Nameless (O_TMPFILE) where the file system can, so that a killed heapdump leaves nothing; else under a hidden name
/// beside the final one, mode 0600, locked as long as its maker lives.
final class TemporaryFile {
    private let file: Descriptor
    var descriptor: Int32 { file.raw }
    /// nil for a nameless file.
    private(set) var name: String?
    let directory: OutputDirectory

    static let namePrefix = ".heapdump-"
    static let nameSuffix = ".tmp"

    /// - Parameter allowsNameless: false to take the way of file systems without O_TMPFILE.
    init(in directory: OutputDirectory, allowsNameless: Bool = true) throws(OutputError) {
        self.directory = directory
        if allowsNameless {
            do throws(Errno) {
                let path = directory.descriptorPath
                file = Descriptor(owning: try systemCall { clinux_open_tmpfile(path, O_RDWR | O_CLOEXEC, 0o600) })
                Self.giveToOwner(file)
                name = nil
                // For the moment in which `replace` gives it a hidden name.
                _ = flock(file.raw, LOCK_EX | LOCK_NB)
                return
            } catch {
                // What file systems and kernels say that have no O_TMPFILE; anything else a named file would meet as well.
                guard [EOPNOTSUPP, EISDIR, ENOENT, EINVAL].contains(error.rawValue) else {
                    throw .system(operation: "create a file in", path: directory.path, code: error.rawValue)
                }
            }
        }
        var name = ""
        file = try Self.createNamed(in: directory, &name)
        self.name = name
    }

    /// Gives a finished file a hidden second name here. That tells at once whether it can be moved here at all: hard
    /// links reach neither another file system nor another mount of the same.
    init?(adopting file: Int32, in directory: OutputDirectory) {
        guard let file = try? Descriptor(duplicating: file) else { return nil }
        let name = Self.randomName()
        // Node before 18 lets everybody read its snapshots.
        guard fchmod(file.raw, 0o600) == 0, flock(file.raw, LOCK_EX | LOCK_NB) == 0,
            clinux_link_descriptor(file.raw, directory.descriptor, name) == 0
        else { return nil }
        self.directory = directory
        self.file = file
        self.name = name
    }

    /// Mode 0600 whatever the umask is, which may withhold it from the owner too. Not where a mount gives all files to one user: what is
    /// open can be written all the same.
    private static func giveToOwner(_ file: borrowing Descriptor) { fchmod(file.raw, 0o600) }

    private static func randomName() -> String {
        namePrefix + String(UInt64.random(in: .min ... .max), radix: 36) + nameSuffix
    }

    deinit { discard() }

    private static func createNamed(
        in directory: OutputDirectory, _ name: inout String
    ) throws(OutputError) -> Descriptor {
        for _ in 0..<100 {
            name = randomName()
            do throws(Errno) {
                let file = try directory.open(name, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
                giveToOwner(file)
                // Another heapdump that cleans up may have come between creating and locking: then it has removed the file.
                if flock(file.raw, LOCK_EX | LOCK_NB) == 0, let status = try? file.status(), status.st_nlink > 0 {
                    return file
                }
                unlinkat(directory.descriptor, name, 0)
            } catch .fileExists {
            } catch {
                throw .system(operation: "create a file in", path: directory.path, code: error.rawValue)
            }
        }
        throw .system(operation: "create a file in", path: directory.path, code: EEXIST)
    }

    /// - Parameter taken: told of each portion, in bytes.
    func write(_ bytes: UnsafeRawBufferPointer, taken: (Int) -> Void) throws(Errno) {
        try file.write(bytes, taken: taken)
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
        do throws(Errno) {
            _ = try directory.open(final, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        } catch .fileExists {
            return false
        } catch {
            throw .system(operation: "publish", path: directory.path + "/" + final, code: error.rawValue)
        }
        guard renameat(directory.descriptor, name, directory.descriptor, final) == 0 else {
            let code = errno
            unlinkat(directory.descriptor, final, 0)
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
