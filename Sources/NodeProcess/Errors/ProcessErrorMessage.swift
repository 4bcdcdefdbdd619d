import Glibc
import SystemPackage

// Every sentence that users read about a process: what failed, on what, why, and what to do next.

extension ProcessError: CustomStringConvertible {
    public var description: String { message }

    public var message: String {
        switch self {
        case .noSuchProcess(let pid):
            "there is no process \(pid)"
        case .exited(let pid):
            "process \(pid) has ended"
        case .isThread(let thread, let process):
            "\(thread) is a thread of process \(process): name the process"
        case .notNode(let description):
            description.message
        case .notPermitted(let refusal):
            refusal.message
        case .notConnected(let address, let port, let code):
            "cannot connect to \(address.contains(":") ? "[\(address)]" : address):\(port): \(reason(code))"
        case .failed(let what, let code):
            "cannot \(TerminalText.escaped(what))" + (code == 0 ? "" : ": \(reason(code))")
        }
    }
}

extension NonNodeDescription {
    public var message: String {
        let name = TerminalText.escaped(name)
        if isKernelThread { return "process \(pid) (\(name)) is a kernel thread, not a Node process" }
        let what = executablePath.map { ": it runs " + TerminalText.escaped($0) } ?? ""
        let start = "process \(pid) (\(name)) is not a Node process\(what)"
        guard let first = nodeDescendants.first else { return start }
        if nodeDescendants.count == 1 {
            return start + "; its descendant \(first.pid) is one, name that: \(first.command)"
        }
        let list = nodeDescendants.map { "\n  \($0.pid)  \($0.command)" }.joined()
        return start + "; these descendants are, name the one that is meant:" + list
    }
}

extension PermissionRefusal {
    public var message: String {
        "no permission for process \(pid) (\(TerminalText.escaped(refused)): \(reason(errno))); \(remedy)"
    }

    /// What to do about it.
    public var remedy: String {
        switch cause {
        case .otherUser where ourUser == 0:
            "CAP_SYS_PTRACE is needed, which root lacks here (in a container: --cap-add=SYS_PTRACE), "
                + "or run as \(owner)"
        case .otherUser:
            "run as \(owner) or with sudo"
        case .notDumpable:
            "CAP_SYS_PTRACE is needed (sudo): the process is the same user's but not dumpable, "
                + "as after a change of its user or with capabilities on its file"
        case .morePrivileged:
            "CAP_SYS_PTRACE is needed (sudo): the process is the same user's but has groups or capabilities "
                + "that we lack, or is in another user namespace"
        case .namespaceOrSecurityModule:
            "CAP_SYS_PTRACE does not reach it: the process is in an outer user namespace, "
                + "or a security module (AppArmor, SELinux) refuses; run outside the container"
        case .cannotEnterNamespace:
            "CAP_SYS_ADMIN is needed to connect inside its network namespace: run with sudo, or in its container"
        }
    }

    private var owner: String {
        guard let user = targetUser else { return "its user" }
        guard let name = userName(user) else { return "user \(user)" }
        return "user \(TerminalText.escaped(name)) (uid \(user))"
    }
}

private func reason(_ code: Int32) -> String {
    Errno(rawValue: code).description
}
