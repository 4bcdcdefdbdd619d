import CLinux
import Glibc
import Linux
import SystemPackage

/// A file that a process is to read, written from outside into a directory of its own: the process does nothing for it.
///
/// Both are made with the credentials of the process, so that no quota, no user namespace and no permission is another's. If that
/// is not allowed to us, they are ours, and the process may read them.
public final class FileForTarget {
    /// As the process itself names it.
    public let path: String
    private let place: TargetDirectory
    private let credentials: FileCredentials
    private let directoryName: String
    private let name: String
    /// Locked as long as we live: see `removeStale`.
    private let directory: Descriptor
    private var exists = true

    /// Names of the directories begin so.
    private static let prefix = "snapshot-agent-"

    /// - Parameter place: from `TargetDirectory.unexposed`, where it matters that nobody else puts a file of his in its place.
    public init(
        _ bytes: UnsafeRawBufferPointer, named name: String, in place: TargetDirectory, for handle: ProcessHandle
    ) throws(ProcessError) {
        let status = try handle.bracketing { () throws(LinuxError) in try ProcessStatus.read(handle.pid) }
        let credentials = FileCredentials(of: status, pid: handle.pid)
        let directoryName = Self.prefix + String(UInt64.random(in: .min ... .max), radix: 36)
        do throws(Errno) {
            let raw = try credentials.run { () throws(Errno) in
                try Self.checkExistence(of: place)
                Self.removeStale(in: place, name)
                return try Self.makeDirectory(directoryName, in: place, for: credentials.user)
            }
            directory = Descriptor(owning: raw)
        } catch {
            throw .failed(what: "write into \(place.path)", errno: error.rawValue)
        }
        self.place = place
        self.credentials = credentials
        self.directoryName = directoryName
        self.name = name
        path = (place.path.hasSuffix("/") ? place.path : place.path + "/") + directoryName + "/" + name
        let raw = directory.raw
        do throws(Errno) {
            try credentials.run { () throws(Errno) in
                try Self.write(bytes, name, in: raw, for: credentials.user)
                return 0
            }
        } catch {
            remove()
            throw .failed(what: "write into \(place.path)", errno: error.rawValue)
        }
    }

    deinit { remove() }

    public func remove() {
        guard exists else { return }
        exists = false
        let raw = directory.raw
        _ = try? credentials.run { () throws(Errno) in
            unlinkat(raw, name, 0)
            return unlinkat(place.descriptor, directoryName, AT_REMOVEDIR)
        }
    }

    private static func checkExistence(of place: TargetDirectory) throws(Errno) {
        var status = stat()
        _ = try systemCall { fstat(place.descriptor, &status) }
        if status.st_nlink == 0 { throw .noSuchFileOrDirectory }
    }

    private static func makeDirectory(
        _ name: String, in place: TargetDirectory, for user: UInt32
    ) throws(Errno) -> Int32 {
        _ = try systemCall { mkdirat(place.descriptor, name, 0o700) }
        do throws(Errno) {
            let raw = try systemCall { openat(place.descriptor, name, directoryFlags) }
            let directory = Descriptor(owning: raw)
            _ = try systemCall { flock(directory.raw, LOCK_EX) }
            try setMode(of: directory.raw, 0o700, orFor: user, 0o711)
            return directory.release()
        } catch {
            unlinkat(place.descriptor, name, AT_REMOVEDIR)
            throw error
        }
    }

    private static let directoryFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    private static func write(
        _ bytes: UnsafeRawBufferPointer, _ name: String, in directory: Int32, for user: UInt32
    ) throws(Errno) {
        let raw = try systemCall {
            openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        let file = Descriptor(owning: raw)
        try setMode(of: file.raw, 0o600, orFor: user, 0o644)
        var rest = bytes
        while !rest.isEmpty {
            let count = try systemCall { Glibc.write(file.raw, rest.baseAddress, rest.count) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Whatever the umask is. Others may read what is not the user's who is to read it.
    private static func setMode(
        of descriptor: Int32, _ mode: mode_t, orFor user: UInt32, _ shared: mode_t
    ) throws(Errno) {
        var status = stat()
        _ = try systemCall { fstat(descriptor, &status) }
        _ = try systemCall { fchmod(descriptor, status.st_uid == user ? mode : shared) }
    }

    /// Those of heapdumps that were killed: their locks are gone.
    private static func removeStale(in place: TargetDirectory, _ name: String) {
        for directoryName in place.names(beginningWith: prefix) {
            let raw = openat(place.descriptor, directoryName, directoryFlags)
            guard raw >= 0 else { continue }
            let directory = Descriptor(owning: raw)
            var status = stat()
            guard fstat(directory.raw, &status) == 0, flock(directory.raw, LOCK_EX | LOCK_NB) == 0 else { continue }
            // Between its making and its locking it is empty: that of a heapdump that has just begun.
            guard status.st_nlink > 0, unlinkat(directory.raw, name, 0) == 0 else { continue }
            unlinkat(place.descriptor, directoryName, AT_REMOVEDIR)
        }
    }
}
