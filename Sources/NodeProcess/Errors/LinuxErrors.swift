package import Linux
import SystemPackage

extension ProcessError {
    /// What a failed look at a process means: a file that is gone is that of a process that is gone.
    package init(_ error: LinuxError, pid: Int32) {
        let place = error.path ?? error.call
        guard let code = error.errno else {
            self = .failed(what: "understand \(place)", errno: 0)
            return
        }
        switch code {
        case .noSuchFileOrDirectory, .noSuchProcess: self = .exited(pid: pid)
        case .permissionDenied, .notPermitted: self = .notPermitted(PermissionRefusal(of: place, code, pid: pid))
        default: self = .failed(what: "read \(place)", errno: code.rawValue)
        }
    }

    /// Runs a look at a process that the caller holds by other means, or does not hold. `ProcessHandle.bracketing` is the same for
    /// one that is held.
    static func ofLook<Value: ~Copyable>(
        at pid: Int32, _ look: () throws(LinuxError) -> Value
    ) throws(ProcessError) -> Value {
        do throws(LinuxError) {
            return try look()
        } catch {
            throw ProcessError(error, pid: pid)
        }
    }
}
