import Glibc
import SystemPackage

/// A process that the target has forked and knows by its own pid namespace's number.
public final class ForkedChild: Sendable {
    public let handle: ProcessHandle

    /// What the agent calls such a process (prctl's PR_SET_NAME).
    static let name = "heapdump-fork"

    /// - Parameter pidInNamespace: as the parent was told by fork(2).
    /// - Throws: `.exited` where there is no such child.
    public init(_ pidInNamespace: Int32, of parent: TargetProcess) throws(ProcessError) {
        let pid = try Self.pid(pidInNamespace, parent)
        let handle = try ProcessHandle(pid: pid)
        // Looked at through the handle: the number could have changed hands before.
        guard try ProcessStat.read(pid).parent == parent.pid, handle.isAlive else { throw .exited(pid: pid) }
        self.handle = handle
    }

    private static func pid(_ number: Int32, _ parent: TargetProcess) throws(ProcessError) -> Int32 {
        guard parent.isInOtherPidNamespace else { return number }
        for pid in ProcessTree.read().descendants(of: parent.pid) {
            guard let stat = try? ProcessStat.read(pid), stat.parent == parent.pid,
                let status = try? ProcessStatus.read(pid), status.innermostPid == number
            else { continue }
            return pid
        }
        throw .exited(pid: number)
    }

    /// Opens a pipe of the child's by the number that it has there.
    /// - Returns: a descriptor that the caller owns; not blocking.
    public func openPipe(_ number: Int32, forWriting: Bool = false) throws(ProcessError) -> Int32 {
        try handle.bracketing { () throws(ProcessError) in
            let file = ProcFile(handle.pid, "fd/\(number)")
            let pipe = try file.open(O_NONBLOCK | (forWriting ? O_WRONLY : O_RDONLY))
            guard let status = try? pipe.status(), status.st_mode & S_IFMT == S_IFIFO else {
                throw .failed(what: "use \(file.path), which is no pipe", errno: EINVAL)
            }
            return pipe.release()
        }
    }

    /// nil where it has ended.
    public var cpuTime: Duration? {
        (try? ProcessStat.read(handle.pid)).map { Duration(clockTicks: $0.cpuTicks) }
    }

    /// Its CPU time where it sleeps at this moment; nil where it does something, or has ended.
    public var cpuTimeAsleep: Duration? {
        guard let stat = try? ProcessStat.read(handle.pid), stat.state == "S" else { return nil }
        return Duration(clockTicks: stat.cpuTicks)
    }
}
