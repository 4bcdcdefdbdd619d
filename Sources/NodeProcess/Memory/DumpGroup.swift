import Glibc
public import Linux
import SystemPackage

/// A control group of the memory controller that is heapdump's own: what its processes take is charged to none of the
/// groups that the target is in below the one that it is made in.
public final class DumpGroup {
    /// Its own, and those that it is in.
    private let directory: String
    private let hierarchy: MemoryGroup.Hierarchy
    private static let prefix = "heapdump-"

    /// Makes one as far up from the process's group as is allowed.
    /// - Returns: nil where there is no group that is not the process's own.
    /// - Throws: the refusal of the lowest group that could hold it.
    public static func make(apartFrom handle: ProcessHandle) throws(ProcessError) -> DumpGroup? {
        guard let place = DumpGroupPlace.find(apartFrom: handle) else { return nil }
        return try make(in: place)
    }

    static func make(in place: DumpGroupPlace) throws(ProcessError) -> DumpGroup {
        removeStale(in: place.parent)
        let directory = place.parent + "/" + ownName
        do throws(Errno) {
            _ = try systemCall { mkdir(directory, 0o755) }
        } catch  where error == .fileExists {
            // Of an earlier dump of this run, whose copy took longer to go than was waited for.
        } catch {
            throw .failed(what: "make the control group \(directory)", errno: error.rawValue)
        }
        return DumpGroup(directory, place.hierarchy)
    }

    private init(_ directory: String, _ hierarchy: MemoryGroup.Hierarchy) {
        self.directory = directory
        self.hierarchy = hierarchy
    }

    deinit { remove() }

    /// The directory of the control group.
    public var path: String { directory }

    /// - Parameter bytes: beyond which the kernel kills in it. A copy is one process and starts no other: where the kernel counts
    ///   those too, whatever poses as one cannot either.
    public func limit(to bytes: UInt64) throws(ProcessError) {
        if hierarchy == .v2 { try? write("1", to: "pids.max") }
        try write(String(bytes), to: hierarchy == .v2 ? "memory.max" : "memory.limit_in_bytes")
        // Best effort: swapping its way past the limit would only take longer.
        try? write(
            hierarchy == .v2 ? "0" : String(bytes),
            to: hierarchy == .v2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes")
    }

    /// What the process takes from now on is charged here.
    public func add(_ process: ProcessHandle) throws(ProcessError) {
        try process.bracketing { () throws(ProcessError) in try write(String(process.pid), to: "cgroup.procs") }
    }

    /// The most that was charged to it; nil where the kernel does not say.
    public var peakBytes: UInt64? {
        CgroupFile(directory + (hierarchy == .v2 ? "/memory.peak" : "/memory.max_usage_in_bytes")).number
    }

    /// Whether the kernel has killed in it, for want of memory.
    public var hasKilled: Bool {
        let lines = CgroupFile(directory + (hierarchy == .v2 ? "/memory.events" : "/memory.oom_control")).text
            .split(separator: "\n")
        return lines.contains { $0.hasPrefix("oom_kill ") && $0 != "oom_kill 0" }
    }

    /// Ends whatever is in it: a copy that is no longer wanted, and what a target that poses as the agent has put there.
    /// - Returns: false where it is still there after two seconds.
    @discardableResult
    public func remove() -> Bool {
        for _ in 0..<Self.looks {
            Self.endAll(in: directory)
            if rmdir(directory) == 0 || errno != EBUSY { return true }
            usleep(Self.pauseMicroseconds)
        }
        return false
    }

    /// Sends SIGKILL to every process in the group: through `cgroup.kill` (Linux 5.14), else to one process after the other.
    private static func endAll(in directory: String) {
        if (try? write("1", to: directory + "/cgroup.kill")) != nil { return }
        for line in CgroupFile(directory + "/cgroup.procs").text.split(separator: "\n") {
            guard let pid = Int32(line), pid > 0, let process = try? ProcessHandle(pid: pid),
                // It may have ended, and another one have its number.
                CgroupFile(directory + "/cgroup.procs").text.split(separator: "\n").contains(line)
            else { continue }
            try? process.send(SIGKILL)
        }
    }

    /// Two seconds.
    private static let looks = 400
    private static let pauseMicroseconds: UInt32 = 5000

    private func write(_ text: String, to name: String) throws(ProcessError) {
        let path = directory + "/" + name
        do throws(Errno) {
            try Self.write(text, to: path)
        } catch {
            throw .failed(what: "write \(text) to \(path)", errno: error.rawValue)
        }
    }

    private static func write(_ text: String, to path: String) throws(Errno) {
        let file = try Descriptor(opening: path, O_WRONLY)
        _ = try systemCall {
            text.utf8CString.withUnsafeBytes { Glibc.write(file.raw, $0.baseAddress, $0.count - 1) }
        }
    }

    /// The maker's pid and start time, by which the next one knows that nobody needs it any more.
    private static var ownName: String {
        let pid = getpid()
        let start = (try? ProcessStat.read(pid))?.startTime ?? 0
        return "\(prefix)\(pid)-\(start)"
    }

    /// Removes the groups of heapdumps that were killed, and ends the processes that are still in them.
    private static func removeStale(in parent: String) {
        guard let directory = try? Directory(parent) else { return }
        while let name = directory.nextName() {
            guard name.hasPrefix(prefix), isStale(name) else { continue }
            endAll(in: parent + "/" + name)
            rmdir(parent + "/" + name)
        }
    }

    private static func isStale(_ name: String) -> Bool {
        let parts = name.dropFirst(prefix.count).split(separator: "-")
        guard parts.count == 2, let pid = Int32(parts[0]), let start = UInt64(parts[1]) else { return false }
        return (try? ProcessStat.read(pid))?.startTime != start
    }
}

/// Where a `DumpGroup` would be made.
public struct DumpGroupPlace: Sendable, Equatable {
    let parent: String
    let hierarchy: MemoryGroup.Hierarchy
    /// What limits it: the group that it would be in, and those above.
    public let groups: [MemoryGroup]

    /// Looks only: the highest group above the process's own in which this process may make another.
    public static func find(apartFrom handle: ProcessHandle) -> DumpGroupPlace? {
        find(apartFrom: handle.pid, in: CgroupTree())
    }

    static func find(apartFrom pid: Int32, in tree: CgroupTree) -> DumpGroupPlace? {
        guard case .directory(let own, let top, let hierarchy) = tree.place(of: pid, controller: "memory") else {
            return nil
        }
        let above = CgroupTree.path(from: own, to: top).dropFirst()
        // The higher, the less of what limits the process limits the copy too. To move a process, both its group's list and
        // the new one's have to be writable, in the second version that of the group above both as well.
        for parent in above.reversed() where isWritable(parent) && isWritable(parent + "/cgroup.procs") {
            return DumpGroupPlace(
                parent: parent, hierarchy: hierarchy, groups: MemoryGroup.read(from: parent, to: top, hierarchy))
        }
        return nil
    }

    private static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }
}
