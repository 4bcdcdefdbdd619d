import CLinux
import Glibc
public import Linux
import SystemPackage

/// A process that the target has forked and knows by its own pid namespace's number.
public final class ForkedChild: Sendable {
    public let handle: ProcessHandle

    /// What the agent calls such a process (prctl's PR_SET_NAME).
    static let name = "heapdump-fork"

    /// Whether it writes the snapshot of its parent. Any process may call itself what such a one is called: that it is a bare fork,
    /// without a program of its own, is seen by the kernel's account of both.
    static func isOne(_ pid: Int32, _ status: ProcessStatus, parent: Int32) -> Bool {
        guard status.name == name, parent > 1, let original = try? ProcessStatus.read(parent),
            original.userIDs == status.userIDs, let program = try? ProgramIdentity(pid), !program.isGone,
            let originalProgram = try? ProgramIdentity(parent)
        else { return false }
        return program == originalProgram
    }

    /// - Parameter pidInNamespace: as the parent was told by fork(2).
    /// - Throws: `.exited` where there is no such child.
    public init(_ pidInNamespace: Int32, of parent: TargetProcess) throws(ProcessError) {
        let pid = try Self.pid(pidInNamespace, parent)
        let handle = try ProcessHandle(pid: pid)
        // Looked at through the handle: the number could have changed hands before.
        let stat = try ProcessError.ofLook(at: pid) { () throws(LinuxError) in try ProcessStat.read(pid) }
        guard stat.parent == parent.pid, try Self.isCopy(pid, of: parent), handle.isAlive else {
            throw .exited(pid: pid)
        }
        self.handle = handle
    }

    /// Copies that have ended and that nobody has awaited, as the target numbers them.
    public static func ended(of parent: TargetProcess) -> [Int32] {
        guard let directory = try? Directory("/proc") else { return [] }
        var numbers: [Int32] = []
        while let pid = directory.nextNumber() {
            guard let stat = try? ProcessStat.read(pid), stat.isEnded, stat.parent == parent.pid,
                let status = try? ProcessStatus.read(pid), status.name == name
            else { continue }
            numbers.append(status.innermostPid == 0 ? pid : status.innermostPid)
        }
        return numbers
    }

    /// A child of the target's that runs another program, or as another user, is none of our business.
    private static func isCopy(_ pid: Int32, of parent: TargetProcess) throws(ProcessError) -> Bool {
        let (users, program) = try usersAndProgram(pid)
        let (originalUsers, originalProgram) = try usersAndProgram(parent.pid)
        return users == originalUsers && program == originalProgram
    }

    private static func usersAndProgram(_ pid: Int32) throws(ProcessError) -> ([UInt32], FileIdentity) {
        try ProcessError.ofLook(at: pid) { () throws(LinuxError) in
            (try ProcessStatus.read(pid).userIDs, try ProcFile(pid, "exe").identity())
        }
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
    ///
    /// What the number stands for is the target's choice, and opening is done with our rights: so it is looked at before it is
    /// opened. Only what pipe(2) made will do, no FIFO with a name, and no device.
    /// - Returns: not blocking.
    public func openPipe(_ number: Int32, forWriting: Bool = false) throws(ProcessError) -> Descriptor {
        try handle.bracketing { () throws(ProcessError) in
            let file = ProcFile(handle.pid, "fd/\(number)")
            let place = try ProcessError.ofLook(at: handle.pid) { () throws(LinuxError) in
                try file.open(CLINUX_O_PATH)
            }
            guard let status = try? place.status(), status.st_mode & S_IFMT == S_IFIFO,
                clinux_file_system_type(place.raw) == Self.pipeFileSystem
            else {
                throw .failed(what: "use \(file.path), which is no pipe", errno: EINVAL)
            }
            do throws(Errno) {
                return try Descriptor(
                    opening: "/proc/self/fd/\(place.raw)", O_NONBLOCK | (forWriting ? O_WRONLY : O_RDONLY))
            } catch {
                throw ProcessError(LinuxError("open", path: file.path, error), pid: handle.pid)
            }
        }
    }

    /// PIPEFS_MAGIC of linux/magic.h.
    private static let pipeFileSystem: Int = 0x5049_5045

    /// nil where it has ended.
    public var cpuTime: Duration? {
        (try? ProcessStat.read(handle.pid)).map { Duration(clockTicks: $0.cpuTicks) }
    }

    /// Its CPU time where it sleeps at this moment; nil where it does something, or has ended.
    public var cpuTimeAsleep: Duration? {
        guard let stat = try? ProcessStat.read(handle.pid), stat.state == "S" else { return nil }
        return Duration(clockTicks: stat.cpuTicks)
    }

    /// Ends it, and frees its memory in this thread's time: by itself it would do so when a processor is free.
    public func killAndFreeMemory() {
        do throws(ProcessError) {
            try handle.send(SIGKILL)
        } catch {
            return
        }
        // Best effort: kernels before 5.15 have no such call.
        _ = clinux_process_mrelease(handle.descriptor)
    }
}
