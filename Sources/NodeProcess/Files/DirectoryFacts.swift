import CLinux
import Glibc
import Linux
import SystemPackage

/// What can be known of a directory before a process writes a file into it.
public struct DirectoryFacts: Sendable, Equatable {
    public enum Problem: Sendable, Equatable {
        case missing
        /// It was removed while it was somebody's working directory: no file can be made in it.
        case deleted
        /// EACCES, EROFS or another reason of the kernel's.
        case notWritable(errno: Int32)
    }

    /// As the process itself names it.
    public let path: String
    public let problem: Problem?
    /// What unprivileged users may still fill; `nil` where the file system does not say.
    public let freeBytes: UInt64?

    public init(path: String, problem: Problem? = nil, freeBytes: UInt64? = nil) {
        self.path = path
        self.problem = problem
        self.freeBytes = freeBytes
    }
}

extension TargetDirectory {
    /// Looks whether the process could write here, with its own user, groups and capabilities.
    public func facts(for handle: ProcessHandle) throws(ProcessError) -> DirectoryFacts {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_nlink > 0 else {
            return DirectoryFacts(path: path, problem: .deleted)
        }
        let writer = try handle.bracketing { () throws(LinuxError) in try ProcessStatus.read(handle.pid) }
        let refusal = Self.refusal(to: writer, of: handle.pid, descriptor) ?? (hasNoInodes ? ENOSPC : nil)
        return DirectoryFacts(path: path, problem: refusal.map { .notWritable(errno: $0) }, freeBytes: freeBytes)
    }

    /// Full of files, however small they are.
    private var hasNoInodes: Bool {
        var status = statvfs()
        return fstatvfs(descriptor, &status) == 0 && status.f_files > 0 && status.f_favail == 0
    }

    private var freeBytes: UInt64? {
        var status = statvfs()
        guard fstatvfs(descriptor, &status) == 0, status.f_blocks > 0 else { return nil }
        return UInt64(status.f_bavail) &* UInt64(status.f_frsize)
    }

    private static func refusal(to writer: ProcessStatus, of pid: Int32, _ descriptor: Int32) -> Int32? {
        FileCredentials(of: writer, pid: pid).withCredentials { credentials in
            clinux_access_as(descriptor, W_OK | X_OK, credentials) == 0 ? nil : errno
        }
    }
}
