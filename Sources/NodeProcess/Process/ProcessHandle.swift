import CLinux
import Glibc
import SystemPackage

/// Holds a process by pidfd and start time: whatever is read or sent through it concerns that very process, even where
/// its number has gone to another one.
public final class ProcessHandle: Sendable {
    public let pid: Int32
    /// Clock ticks after boot: field 22 of /proc/PID/stat.
    public let startTime: UInt64
    private let pidfd: Descriptor

    /// - Parameter expected: the start time of the process that is meant, where it has been seen before: another one
    ///   that has its number by now is `.exited`.
    public init(pid: Int32, startTime expected: UInt64? = nil) throws(ProcessError) {
        guard pid > 0 else { throw .noSuchProcess(pid: pid) }
        let pidfd: Descriptor
        do throws(Errno) {
            pidfd = Descriptor(owning: try systemCall { clinux_pidfd_open(pid) })
        } catch {
            throw Self.failure(toOpen: pid, error)
        }
        // The order is what proves it: the number cannot have changed hands before the last look says "not ended".
        let stat = Result { () throws(ProcessError) in try ProcessStat.read(pid) }
        if Self.hasEnded(pidfd.raw) { throw .exited(pid: pid) }
        if case .failure(.exited) = stat {
            throw .notPermitted(PermissionRefusal(of: "/proc/\(pid)", .noSuchFileOrDirectory, pid: pid, known: .hidden))
        }
        startTime = try stat.get().startTime
        if let expected, expected != startTime { throw .exited(pid: pid) }
        self.pid = pid
        self.pidfd = pidfd
    }

    /// The pidfd: poll() says POLLIN when the process has ended. It lives as long as the handle.
    public var descriptor: Int32 { pidfd.raw }

    /// Not ended, not a zombie, same start time.
    public var isAlive: Bool {
        guard let stat = try? ProcessStat.read(pid), !Self.hasEnded(pidfd.raw) else { return false }
        return !stat.isEnded && stat.startTime == startTime
    }

    /// ESRCH is `.exited`, EPERM is `.notPermitted`. Signal 0 only asks.
    public func send(_ signal: Int32) throws(ProcessError) {
        do throws(Errno) {
            _ = try systemCall { clinux_pidfd_send_signal(pidfd.raw, signal) }
        } catch {
            switch error {
            case .noSuchProcess:
                throw .exited(pid: pid)
            case .notPermitted:
                throw .notPermitted(
                    PermissionRefusal(
                        of: "pidfd_send_signal(\(signal))", error, pid: pid, known: .maySendNoSignals))
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
            throw Self.hasEnded(pidfd.raw) ? .exited(pid: pid) : error
        }
        if Self.hasEnded(pidfd.raw) { throw .exited(pid: pid) }
        return value
    }

    /// A pidfd becomes readable when the last thread of its process has ended, reaped or not.
    private static func hasEnded(_ pidfd: Int32) -> Bool {
        guard let events = try? poll(pidfd, for: Int16(POLLIN), atMost: .zero) else { return true }
        return events != 0
    }

    private static func failure(toOpen pid: Int32, _ error: Errno) -> ProcessError {
        switch error {
        case .noSuchProcess:
            return .noSuchProcess(pid: pid)
        case .invalidArgument, .noSuchFileOrDirectory:
            // pidfd_open takes no thread's number, yet /proc shows threads to who names them.
            if let status = try? ProcessStatus.read(pid), status.threadGroup != pid {
                return .isThread(pid, of: status.threadGroup)
            }
            return .noSuchProcess(pid: pid)
        case .notPermitted, .noFunction:
            // The kernel lets everybody, from Linux 5.3 on.
            if kernelIsAtLeast(5, 3), (try? ProcessStatus.read(getpid()))?.hasCallFilter == true {
                return .notPermitted(PermissionRefusal(of: "pidfd_open", error, pid: pid, known: .filteredCall))
            }
            return .failed(what: "open process \(pid) (pidfd_open, which Linux has from 5.3 on)", errno: error.rawValue)
        default:
            return .failed(what: "open process \(pid) (pidfd_open)", errno: error.rawValue)
        }
    }

    private static func kernelIsAtLeast(_ major: Int, _ minor: Int) -> Bool {
        var name = utsname()
        guard uname(&name) == 0 else { return false }
        let release = withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let numbers = release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        return numbers.count == 2 && (numbers[0], numbers[1]) >= (major, minor)
    }
}
