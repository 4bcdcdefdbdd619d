import Glibc
import Linux
import SystemPackage

/// What the kernel refused, and all that is needed to say who would be let in.
public struct PermissionRefusal: Sendable, Equatable {
    public enum Cause: Sendable, Equatable {
        /// The target belongs to another user.
        case otherUser
        /// The process may be looked into, but its executable may not be read.
        case unreadableExecutable
        /// Same user, but the target has other group ids.
        case otherGroup
        /// Same user, but the kernel guards it like another's: it changed its ids or its file gives it capabilities.
        case notDumpable
        /// Same user, but the target has capabilities that we lack, which are these.
        case moreCapable([String])
        /// Same user, but the target is in another user namespace, that is not ours to look into.
        case otherUserNamespace
        /// We lack the capability, and nothing of these is the case: a security module refuses.
        case unexplained
        /// It may be looked into, and be sent no signal.
        case maySendNoSignals
        /// We have the capability in our user namespace only, and the target is outside of it.
        case outerUserNamespace
        /// We have the capability everywhere, and still were refused.
        case securityModule
        /// Its network namespace is another one, and CAP_SYS_ADMIN, which lets us in, is missing here or there.
        case cannotEnterNamespace
        /// The kernel lets nobody of the same user trace a process that is not his child: the value of kernel.yama.ptrace_scope.
        case ptraceScope(Int)
        /// It is there, and /proc does not show it.
        case hidden
    }

    public let pid: Int32
    /// The path or the call that was refused.
    public let refused: String
    public let errno: Int32
    /// `nil` where the target's status was not readable either.
    public let targetUser: UInt32?
    public let ourUser: UInt32
    public let cause: Cause
    /// no_new_privs is set for us: sudo would have no effect.
    public let cannotGainPrivileges: Bool
    /// What a security module calls us and the target, where it is known: `docker-default (enforce)`, an SELinux context.
    public let ourLabel: String?
    public let targetLabel: String?

    public init(
        pid: Int32, refused: String, errno: Int32, targetUser: UInt32?, ourUser: UInt32,
        cause: Cause, cannotGainPrivileges: Bool = false, ourLabel: String? = nil,
        targetLabel: String? = nil
    ) {
        self.pid = pid
        self.refused = refused
        self.errno = errno
        self.targetUser = targetUser
        self.ourUser = ourUser
        self.cause = cause
        self.cannotGainPrivileges = cannotGainPrivileges
        self.ourLabel = ourLabel
        self.targetLabel = targetLabel
    }

    /// Looks at the target and at ourselves for the reason.
    /// - Parameter known: the cause, where the call itself tells.
    init(of refused: String, _ error: Errno, pid: Int32, known: Cause? = nil) {
        let target = try? ProcessStatus.read(pid)
        let ours = try? ProcessStatus.read(getpid())
        let cause =
            known ?? Self.unreadable(refused, pid)
            ?? Cause(
                target: target, ours: ours, ptraceScope: Self.traces(refused) ? Self.ptraceScope() : 0,
                isDumpable: Self.isDumpable(pid, owner: target?.effectiveUser),
                namespaces: UserNamespaces(ours: Self.userIDMap(getpid()), target: Self.userIDMap(pid)))
        self.init(
            pid: pid, refused: refused, errno: error.rawValue, targetUser: target?.effectiveUser,
            ourUser: geteuid(), cause: cause,
            cannotGainPrivileges: ours?.cannotGainPrivileges ?? false,
            ourLabel: SecurityLabel.read(getpid()), targetLabel: SecurityLabel.read(pid))
    }

    /// Whether what was refused takes the right to trace, and not only to look.
    private static func traces(_ refused: String) -> Bool { refused == "ptrace" || refused.hasSuffix("/mem") }

    /// 0 where Yama is not built in.
    private static func ptraceScope() -> Int {
        let text = try? Descriptor(opening: "/proc/sys/kernel/yama/ptrace_scope").bytes(upTo: 16)
        return text.flatMap { Int(String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)) } ?? 0
    }

    /// Where the link itself may be read, it is the file that may not.
    private static func unreadable(_ refused: String, _ pid: Int32) -> Cause? {
        let executable = "/proc/\(pid)/exe"
        return refused == executable && (try? readLink(executable)) != nil ? .unreadableExecutable : nil
    }

    /// The files below /proc/PID belong to root while the process is not dumpable; the directory itself does not tell.
    private static func isDumpable(_ pid: Int32, owner: UInt32?) -> Bool {
        var status = stat()
        return stat("/proc/\(pid)/status", &status) != 0 || owner == 0 || status.st_uid == owner
    }

    /// What tells user namespaces apart where the namespaces themselves may not be looked at.
    private static func userIDMap(_ pid: Int32) -> [Substring]? {
        (try? ProcFile(pid, "uid_map").text())?.split(whereSeparator: \.isWhitespace)
    }
}

/// What is known of the user namespaces of both.
struct UserNamespaces: Equatable {
    /// Ours is not the machine's first one, which has all user ids.
    let oursIsInner: Bool
    let areDifferent: Bool

    /// - Parameters: the maps of user ids, as /proc has them; nil where they cannot be read.
    init(ours: [Substring]?, target: [Substring]?) {
        oursIsInner = ours.map { $0 != ["0", "0", "4294967295"] } ?? false
        areDifferent = ours != nil && target != nil && ours != target
    }
}

extension PermissionRefusal.Cause {
    /// By the kernel's rules for looking into a process: ptrace(2), "Ptrace access mode checking".
    /// - Parameter ptraceScope: of Yama, if it matters to what was refused: 1 lets only parents and CAP_SYS_PTRACE trace, 2 only the
    ///   latter, 3 nobody.
    init(
        target: ProcessStatus?, ours: ProcessStatus?, ptraceScope: Int = 0, isDumpable: Bool,
        namespaces: UserNamespaces
    ) {
        guard let ours, let target else {
            self = .otherUser
            return
        }
        if ptraceScope >= 3 {
            self = .ptraceScope(ptraceScope)
            return
        }
        if ours.hasPtraceCapability {
            self = namespaces.oursIsInner ? .outerUserNamespace : .securityModule
            return
        }
        guard target.userIDs.allSatisfy({ $0 == ours.effectiveUser }) else {
            self = .otherUser
            return
        }
        let surplus = target.permittedCapabilities & ~ours.effectiveCapabilities
        if !target.groupIDs.allSatisfy({ $0 == ours.effectiveGroup }) {
            self = .otherGroup
        } else if !isDumpable {
            self = .notDumpable
        } else if namespaces.areDifferent {
            self = .otherUserNamespace
        } else if surplus != 0 {
            self = .moreCapable(CapabilityNames.of(surplus))
        } else if ptraceScope > 0 {
            self = .ptraceScope(ptraceScope)
        } else {
            self = .unexplained
        }
    }
}
