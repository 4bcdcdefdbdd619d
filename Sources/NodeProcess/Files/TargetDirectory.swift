import CLinux
import Glibc
public import Linux
import SystemPackage

/// A directory as a process sees it, through its own root and mounts, held open so that every look and every change
/// happens in the very same one.
public final class TargetDirectory: Sendable {
    /// As the process itself would name it.
    public let path: String
    private let directory: Descriptor

    /// For openat(2) and its relatives; it lives as long as the object.
    public var descriptor: Int32 { directory.raw }

    init(path: String, _ directory: consuming Descriptor) {
        self.path = path
        self.directory = directory
    }

    public enum Reached: Sendable {
        case open(TargetDirectory)
        case refused(errno: Int32)

        public var directory: TargetDirectory? {
            if case .open(let directory) = self { return directory }
            return nil
        }
    }

    /// Its working directory. One that was removed is opened too: see `DirectoryFacts`.
    public static func working(of handle: ProcessHandle) throws(ProcessError) -> TargetDirectory {
        try handle.bracketing { () throws(LinuxError) in
            TargetDirectory(path: try workingPath(handle.pid), try ProcFile(handle.pid, "cwd").open(flags))
        }
    }

    /// - Parameter path: absolute, or relative to the process's working directory.
    /// - Returns: the directory, or why it cannot be reached, which may concern the process as well as us.
    public static func named(_ path: String, of handle: ProcessHandle) throws(ProcessError) -> Reached {
        try handle.bracketing { () throws(LinuxError) in
            var absolute = path
            if !path.hasPrefix("/") { absolute = try workingPath(handle.pid) + "/" + path }
            let root = try ProcFile(handle.pid, "root").open(flags)
            do throws(Errno) {
                // Its symbolic links lead where they lead for the process, and not out of its root.
                return .open(
                    TargetDirectory(path: absolute, try Descriptor(openingInRoot: root, absolute, flags)))
            } catch {
                return .refused(errno: error.rawValue)
            }
        }
    }

    /// A directory that the process may write to but not list is enough to find a file in by its name.
    private static let flags = CLINUX_O_PATH | O_DIRECTORY

    /// What a magic link of /proc leads to, without the prefix of a root that was changed by chroot(2).
    static func pathInRoot(_ link: String, of pid: Int32) -> String {
        guard let root = try? ProcFile(pid, "root").link(), root != "/", link.hasPrefix(root + "/") else {
            return link
        }
        return String(link.dropFirst(root.count))
    }

    private static func workingPath(_ pid: Int32) throws(LinuxError) -> String {
        pathInRoot(try ProcFile(pid, "cwd").link(), of: pid)
    }

    /// Where the kernel says that it is.
    func fileDescriptorLink() throws(Errno) -> String { try readLink("/proc/self/fd/\(descriptor)") }

    func identity() throws(Errno) -> FileIdentity { FileIdentity(try directory.status()) }

    /// Its file system is mounted noexec: no library is loaded from it.
    public var forbidsExecution: Bool {
        // ST_NOEXEC, which <sys/statvfs.h> hides without _GNU_SOURCE.
        let noexec: UInt = 8
        var status = statvfs()
        return fstatvfs(descriptor, &status) == 0 && status.f_flag & noexec != 0
    }

    /// Opens a file in it for reading, and follows no link.
    /// - Returns: nil where it is no regular file: opening a device can do something already.
    public func openRegularFile(_ name: String) -> Descriptor? {
        guard let place = try? Descriptor(opening: name, in: directory, CLINUX_O_PATH) else { return nil }
        return (try? Descriptor(openingRegularFile: place)) ?? nil
    }

    /// Names of the files in it that end in `suffix`; none where it may not be listed.
    public func names(endingIn suffix: String) -> [String] { names { $0.hasSuffix(suffix) } }

    /// Names of the files in it that begin with `prefix`; none where it may not be listed.
    func names(beginningWith prefix: String) -> [String] { names { $0.hasPrefix(prefix) } }

    private func names(where isWanted: (String) -> Bool) -> [String] {
        guard let directory = try? Directory("/proc/self/fd/\(descriptor)") else { return [] }
        var names: [String] = []
        var seen = 0
        while seen < Self.mostSeen, names.count < Self.mostNames, let name = directory.nextName() {
            seen += 1
            if isWanted(name) { names.append(name) }
        }
        return names
    }

    /// Of the names in it: others may have put millions there, and it is looked through again and again.
    private static let mostSeen = 1 << 18
    /// Of those that are wanted.
    private static let mostNames = 4096
}
