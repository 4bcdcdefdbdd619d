import CLinux
import Glibc
package import SystemPackage

/// What keeps hold of a process so that its number, once it is another one's, is not mistaken for it.
package enum ProcessReference: ~Copyable {
    /// Linux 5.3 and newer.
    case pidfd(Descriptor)
    /// Before, and where a system call filter refuses that call: /proc/PID, whose files tell of the very process that had the number
    /// when it was opened.
    case directory(Descriptor)

    /// - Parameter kernelHasPidfds: false leaves them out, as if it had none.
    package init(to pid: Int32, kernelHasPidfds: Bool) throws(Errno) {
        do throws(Errno) {
            guard kernelHasPidfds else { throw .noFunction }
            self = .pidfd(Descriptor(owning: try systemCall { clinux_pidfd_open(pid) }))
        } catch .noFunction, .notPermitted {
            // The kernel itself lets everybody.
            let directory = try Descriptor(opening: "/proc/\(pid)", O_DIRECTORY)
            // pidfd_open takes no thread's number, yet /proc shows threads to who names them.
            if let status = try? ProcessStatus.read(pid), status.threadGroup != pid { throw .invalidArgument }
            self = .directory(directory)
        } catch {
            throw error
        }
    }

    /// Whether the last thread of the process has ended, reaped or not.
    package var hasEnded: Bool {
        switch self {
        case .pidfd(let descriptor):
            return Poll.isReady(descriptor.raw, .toRead)
        case .directory(let descriptor):
            return Self.hasEnded(inDirectory: descriptor.raw)
        }
    }

    package static func hasEnded(inDirectory directory: Int32) -> Bool {
        do throws(Errno) {
            let file = Descriptor(owning: try systemCall { openat(directory, "stat", O_RDONLY | O_CLOEXEC) })
            guard let stat = ProcessStat(try file.bytes(upTo: ProcFile.cap)) else { return true }
            // The main thread shows as ended where it alone has.
            return stat.isEnded && stat.threadCount <= 1
        } catch {
            // Whatever else fails, such as a lack of memory, says nothing of the process.
            return error == .noSuchFileOrDirectory || error == .noSuchProcess
        }
    }

    /// - Parameter startTime: of the process, looked at again where the signal can go by its number alone.
    package func send(_ signal: Int32, to pid: Int32, startedAt startTime: UInt64) throws(Errno) {
        switch self {
        case .pidfd(let descriptor):
            let raw = descriptor.raw
            _ = try systemCall { clinux_pidfd_send_signal(raw, signal) }
        case .directory:
            guard !hasEnded, (try? ProcessStat.read(pid))?.startTime == startTime else { throw .noSuchProcess }
            _ = try systemCall { kill(pid, signal) }
        }
    }
}
