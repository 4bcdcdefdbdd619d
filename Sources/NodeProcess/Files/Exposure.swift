import CLinux
import Glibc
import Linux
import SystemPackage

/// Who could put something else in the place of a directory, or of what is made in it.
public enum Exposure: Error, Sendable, Equatable {
    /// The owner of it, or of a directory above it, who is neither root nor the process's user.
    case owner(uid: UInt32, path: String)
    /// Whoever may write there: it is not sticky.
    case writers(path: String)
    /// Its path as the process sees it cannot be walked from here.
    case untold
}

extension TargetDirectory {
    /// The same directory by a path without symbolic links, on which only root, the process's user, we and the owner of the process's
    /// root can exchange anything.
    public func unexposed(for handle: ProcessHandle) throws(ProcessError) -> Result<TargetDirectory, Exposure> {
        try handle.bracketing { () throws(LinuxError) in
            let status = try ProcessStatus.read(handle.pid)
            let root = try ProcFile(handle.pid, "root").open(CLINUX_O_PATH | O_DIRECTORY)
            // What leads here without links; the path as given where the kernel names it by another root than the process's.
            let link = try? fileDescriptorLink()
            let paths = [link.map { Self.pathInRoot($0, of: handle.pid) }, path].compactMap { $0 }
            for path in paths {
                do throws(Exposure) {
                    return .success(try walk(path, from: root, trusting: [0, geteuid(), status.fileUser]))
                } catch {
                    if error != .untold { return .failure(error) }
                }
            }
            return .failure(.untold)
        }
    }

    private func walk(
        _ path: String, from root: borrowing Descriptor, trusting users: Set<UInt32>
    ) throws(Exposure) -> TargetDirectory {
        var users = users
        users.insert(try Self.status(root).st_uid)
        try Self.check(root, "/", trusting: users)
        var here = root.raw
        var owned: Descriptor?
        var walked = ""
        for component in path.split(separator: "/") {
            guard component != "..", component != "." else { throw .untold }
            let parent = here
            guard let next = try? Descriptor(owning: systemCall { openat(parent, String(component), Self.stepFlags) })
            else { throw .untold }
            walked += "/" + component
            try Self.check(next, walked, trusting: users)
            here = next.raw
            owned = consume next
        }
        guard let last = owned.take() ?? (try? Descriptor(owning: systemCall { dup(root.raw) })),
            let found = try? FileIdentity(last.status()), let wanted = try? identity(), found == wanted
        else { throw .untold }
        return TargetDirectory(path: walked.isEmpty ? "/" : walked, last)
    }

    private static let stepFlags = CLINUX_O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC

    private static func status(_ directory: borrowing Descriptor) throws(Exposure) -> stat {
        do throws(Errno) { return try directory.status() } catch { throw .untold }
    }

    private static func check(
        _ directory: borrowing Descriptor, _ path: String, trusting users: Set<UInt32>
    ) throws(Exposure) {
        let status = try status(directory)
        guard users.contains(status.st_uid) else { throw .owner(uid: status.st_uid, path: path) }
        // An access control list shows in the group's bits.
        if status.st_mode & (S_IWGRP | S_IWOTH) != 0, status.st_mode & S_ISVTX == 0 {
            throw .writers(path: path)
        }
    }
}
