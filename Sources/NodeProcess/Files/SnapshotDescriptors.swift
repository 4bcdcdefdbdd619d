import Glibc
public import Linux
import SystemPackage

/// A file that a process is writing under a name of a heap snapshot.
public struct SnapshotDescriptor: Sendable, Equatable {
    /// Its number in the process.
    public let number: Int32
    /// As the process itself would name it.
    public let path: String
    public let file: FileIdentity
}

/// The snapshots that a process has open for writing: proof that it is this process, and no other, who writes them.
public enum SnapshotDescriptors {
    public static func read(_ handle: ProcessHandle) throws(ProcessError) -> [SnapshotDescriptor] {
        try handle.bracketing { () throws(LinuxError) in try read(handle.pid) }
    }

    /// Opens the same file for reading, whatever its name leads to by now.
    /// - Returns: `nil` where the process has closed it meanwhile, or it is no regular file.
    public static func open(_ snapshot: SnapshotDescriptor, of handle: ProcessHandle) throws(ProcessError)
        -> Descriptor?
    {
        let path = ProcFile(handle.pid, "fd/\(snapshot.number)").path
        guard let file = try? Descriptor(openingRegularFile: path) ?? nil, let opened = try? file.status(),
            FileIdentity(opened) == snapshot.file, handle.isAlive
        else { return nil }
        return file
    }

    /// Whether the process has the file open for writing, under whatever number and name.
    public static func isWriting(_ file: FileIdentity, _ handle: ProcessHandle) throws(ProcessError) -> Bool {
        try handle.bracketing { () throws(LinuxError) in
            guard let directory = try? ProcFile(handle.pid, "fd").directory() else { return false }
            while let number = directory.nextNumber() {
                let identity = try? ProcFile(handle.pid, "fd/\(number)").identity()
                if identity == file, isWritable(number, handle.pid) { return true }
            }
            return false
        }
    }

    private static func read(_ pid: Int32) throws(LinuxError) -> [SnapshotDescriptor] {
        let directory = try ProcFile(pid, "fd").directory()
        var found: [SnapshotDescriptor] = []
        while let number = directory.nextNumber() {
            let descriptor = ProcFile(pid, "fd/\(number)")
            // The link first: of thousands of descriptors hardly one is a snapshot.
            guard let link = try? descriptor.link(), link.hasSuffix(".heapsnapshot"),
                let file = try? descriptor.identity(), isWritable(number, pid)
            else { continue }
            found.append(
                SnapshotDescriptor(number: number, path: TargetDirectory.pathInRoot(link, of: pid), file: file))
        }
        return found
    }

    /// A server may have an old snapshot open to read it.
    private static func isWritable(_ number: Int32, _ pid: Int32) -> Bool {
        // Flags come in the second line. What follows may be a line for each file that an epoll instance watches.
        guard let text = try? ProcFile(pid, "fdinfo/\(number)").bytes(cap: 1 << 10) else { return false }
        return isWritable(descriptorInformation: String(decoding: text, as: UTF8.self))
    }

    /// From the line "flags:	0100001", octal as in open(2)'s headers.
    static func isWritable(descriptorInformation text: String) -> Bool {
        for line in text.split(separator: "\n") where line.hasPrefix("flags:") {
            let value = line.dropFirst("flags:".count).drop { $0 == "\t" || $0 == " " }
            return Int32(value, radix: 8).map { $0 & O_ACCMODE != O_RDONLY } ?? false
        }
        return false
    }
}
