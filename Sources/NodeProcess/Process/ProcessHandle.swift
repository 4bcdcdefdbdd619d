import Glibc
import Linux
import Synchronization
import SystemPackage

/// Holds a process by pidfd, or what stands in for one, and start time: whatever is read or sent through it concerns that very process, even where
/// its number has gone to another one.
public final class ProcessHandle: Sendable {
    public let pid: Int32
    /// Clock ticks after boot: field 22 of /proc/PID/stat.
    public let startTime: UInt64
    private let reference: ProcessReference
    private let watch = Mutex<EndWatch?>(nil)

    /// - Parameter expected: the start time of the process that is meant, where it has been seen before: another one
    ///   that has its number by now is `.exited`.
    public convenience init(pid: Int32, startTime expected: UInt64? = nil) throws(ProcessError) {
        try self.init(pid: pid, startTime: expected, kernelHasPidfds: true)
    }

    init(pid: Int32, startTime expected: UInt64? = nil, kernelHasPidfds: Bool) throws(ProcessError) {
        guard pid > 0 else { throw .noSuchProcess(pid: pid) }
        let reference: ProcessReference
        do throws(Errno) {
            reference = try ProcessReference(to: pid, kernelHasPidfds: kernelHasPidfds)
        } catch {
            throw Self.failure(toOpen: pid, error)
        }
        // The order is what proves it: the number cannot have changed hands before the last look says "not ended".
        let stat = Result { () throws(LinuxError) in try ProcessStat.read(pid) }
        if reference.hasEnded { throw .exited(pid: pid) }
        if case .failure(let error) = stat, error.isAbsence {
            throw .notPermitted(PermissionRefusal(of: "/proc/\(pid)", .noSuchFileOrDirectory, pid: pid, known: .hidden))
        }
        startTime = try ProcessError.ofLook(at: pid) { () throws(LinuxError) in try stat.get().startTime }
        if let expected, expected != startTime { throw .exited(pid: pid) }
        self.pid = pid
        self.reference = reference
    }

    /// poll() says POLLIN when the process has ended. It lives as long as the handle; -1 where none can be had.
    public var descriptor: Int32 {
        switch reference {
        case .pidfd(let pidfd): return pidfd.raw
        case .directory(let directory):
            return watch.withLock { watch in
                if watch == nil { watch = try? EndWatch(directory: directory) }
                return watch?.descriptor ?? -1
            }
        }
    }

    /// Not ended, not a zombie, same start time.
    public var isAlive: Bool {
        guard let stat = try? ProcessStat.read(pid), !reference.hasEnded else { return false }
        return !stat.isEnded && stat.startTime == startTime
    }

    /// ESRCH is `.exited`, EPERM is `.notPermitted`. Signal 0 only asks.
    public func send(_ signal: Int32) throws(ProcessError) {
        do throws(Errno) {
            try reference.send(signal, to: pid, startedAt: startTime)
        } catch {
            switch error {
            case .noSuchProcess:
                throw .exited(pid: pid)
            case .notPermitted:
                throw .notPermitted(
                    PermissionRefusal(
                        of: "signal \(signal)", error, pid: pid, known: .maySendNoSignals))
            default:
                throw .failed(what: "send signal \(signal) to process \(pid)", errno: error.rawValue)
            }
        }
    }

    /// Runs `look`, and uses what it found or how it failed only where the process was still there afterwards.
    func bracketing<Value: ~Copyable>(
        _ look: () throws(ProcessError) -> Value
    ) throws(ProcessError) -> Value {
        let value: Value
        do throws(ProcessError) {
            value = try look()
        } catch {
            throw reference.hasEnded ? .exited(pid: pid) : error
        }
        if reference.hasEnded { throw .exited(pid: pid) }
        return value
    }

    /// The same of a look that knows only the kernel's reasons.
    func bracketing<Value: ~Copyable>(_ look: () throws(LinuxError) -> Value) throws(ProcessError) -> Value {
        try bracketing { () throws(ProcessError) in try ProcessError.ofLook(at: pid, look) }
    }

    private static func failure(toOpen pid: Int32, _ error: Errno) -> ProcessError {
        switch error {
        case .noSuchProcess:
            return .noSuchProcess(pid: pid)
        case .invalidArgument, .noSuchFileOrDirectory:
            if let status = try? ProcessStatus.read(pid), status.threadGroup != pid {
                return .isThread(pid, of: status.threadGroup)
            }
            // Where it is there and hidden, a signal would be refused for another reason.
            if kill(pid, 0) == 0 || errno == EPERM {
                return .notPermitted(PermissionRefusal(of: "/proc/\(pid)", error, pid: pid, known: .hidden))
            }
            return .noSuchProcess(pid: pid)
        default:
            return .failed(what: "open process \(pid)", errno: error.rawValue)
        }
    }
}
