import Glibc
import SystemPackage

/// What the kernel refused, and all that is needed to say who would be let in.
public struct PermissionRefusal: Sendable, Equatable {
    public enum Cause: Sendable, Equatable {
        /// The target belongs to another user.
        case otherUser
        /// Same user, but the kernel guards it like another's: it changed its ids or its file gives it capabilities.
        case notDumpable
        /// Same user and dumpable: its groups or capabilities are others than ours, or it lives in another user namespace.
        case morePrivileged
        /// We have the capability, but not in the target's user namespace, or a security module says no.
        case namespaceOrSecurityModule
        /// Its network namespace is another one, and CAP_SYS_ADMIN, which lets us in, is missing here or there.
        case cannotEnterNamespace
    }

    public let pid: Int32
    /// The path or the call that was refused.
    public let refused: String
    public let errno: Int32
    /// `nil` where the target's status was not readable either.
    public let targetUser: UInt32?
    public let ourUser: UInt32
    public let lacksPtraceCapability: Bool
    public let cause: Cause

    public init(
        pid: Int32, refused: String, errno: Int32, targetUser: UInt32?, ourUser: UInt32,
        lacksPtraceCapability: Bool, cause: Cause
    ) {
        self.pid = pid
        self.refused = refused
        self.errno = errno
        self.targetUser = targetUser
        self.ourUser = ourUser
        self.lacksPtraceCapability = lacksPtraceCapability
        self.cause = cause
    }

    /// Looks at the target and at ourselves for the reason.
    init(of refused: String, _ error: Errno, pid: Int32, enteringNamespace: Bool = false) {
        let target = try? ProcessStatus.read(pid)
        let ours = try? ProcessStatus.read(getpid())
        let capabilities = ours?.effectiveCapabilities ?? 0
        let lacksCapability = capabilities & ProcessStatus.ptraceCapability == 0
        let cause: Cause
        if enteringNamespace {
            cause = .cannotEnterNamespace
        } else if !lacksCapability {
            cause = .namespaceOrSecurityModule
        } else if let target, target.userIDs.allSatisfy({ $0 == geteuid() }) {
            cause = Self.isDumpable(pid, owner: target.effectiveUser) ? .morePrivileged : .notDumpable
        } else {
            cause = .otherUser
        }
        self.init(
            pid: pid, refused: refused, errno: error.rawValue, targetUser: target?.effectiveUser,
            ourUser: geteuid(), lacksPtraceCapability: lacksCapability, cause: cause)
    }

    /// The files below /proc/PID belong to root while the process is not dumpable; the directory itself does not tell.
    private static func isDumpable(_ pid: Int32, owner: UInt32) -> Bool {
        var status = stat()
        return stat("/proc/\(pid)/status", &status) != 0 || owner == 0 || status.st_uid == owner
    }
}
