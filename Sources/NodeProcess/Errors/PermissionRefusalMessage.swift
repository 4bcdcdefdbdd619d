import Linux

extension PermissionRefusal {
    public var message: String {
        "no permission for process \(pid) (\(TerminalText.escaped(refused)): \(errnoText(errno))); \(remedy)"
    }

    /// What to do about it.
    public var remedy: String {
        switch cause {
        case .otherUser where ourUser == 0:
            "CAP_SYS_PTRACE is needed, which root lacks here (\(asRoot("SYS_PTRACE"))), or run as \(owner)"
        case .otherUser:
            "run as \(owner) or \(asRoot("SYS_PTRACE"))"
        case .unreadableExecutable:
            "its executable may not be read by us, so that it cannot be told whether it is Node: run as \(owner), or "
                + asRoot("DAC_READ_SEARCH")
        case .otherGroup:
            "CAP_SYS_PTRACE is needed (\(asRoot("SYS_PTRACE"))): the process is the same user's, with another group id"
        case .notDumpable:
            "CAP_SYS_PTRACE is needed (\(asRoot("SYS_PTRACE"))): the process is the same user's but not dumpable, "
                + "as after a change of its user or with capabilities on its file"
        case .moreCapable(let names):
            "CAP_SYS_PTRACE is needed (\(asRoot("SYS_PTRACE"))): the process has \(names.joined(separator: ", ")), which we lack"
        case .otherUserNamespace:
            "CAP_SYS_PTRACE is needed (\(asRoot("SYS_PTRACE"))): the process is the same user's, but in another user namespace"
        case .unexplained:
            "CAP_SYS_PTRACE is needed (\(asRoot("SYS_PTRACE"))): "
                + (labels ?? "a security module (SELinux, AppArmor, …) refuses, most likely")
        case .outerUserNamespace:
            "CAP_SYS_PTRACE counts in our user namespace only, and the process is outside of it: run outside the container"
        case .securityModule:
            "CAP_SYS_PTRACE is there and does not suffice: "
                + (labels ?? "a security module (SELinux, AppArmor, …) refuses, most likely")
                + "; run outside the container, or have its policy allow ptrace (docker run --security-opt)"
        case .maySendNoSignals:
            "CAP_KILL is needed to send it a signal (\(asRoot("KILL"))), or run as \(owner)"
        case .cannotEnterNamespace:
            "CAP_SYS_ADMIN is needed to connect inside its network namespace (\(asRoot("SYS_ADMIN"))), or run in its container's "
                + "network (docker run --network=container:NAME; the containers of a Kubernetes pod share one)"
        case .ptraceScope(let value) where value >= 3:
            "kernel.yama.ptrace_scope is \(value): nobody may trace a process until the machine is started anew"
        case .ptraceScope(let value):
            "CAP_SYS_PTRACE is needed (\(asRoot("SYS_PTRACE"))): kernel.yama.ptrace_scope is \(value), so that nobody else may trace the "
                + "process, not even its own user"
        case .hidden:
            "it is there, but /proc does not show it: where /proc is mounted with hidepid, run as its user or "
                + "\(asRoot("SYS_PTRACE")); in a container that has the host's pids, mount the host's /proc"
        }
    }

    /// How to get a capability.
    private func asRoot(_ capability: String) -> String {
        if ourUser == 0 {
            return "docker run --cap-add=\(capability); Kubernetes: securityContext.capabilities.add"
        }
        return cannotGainPrivileges
            ? "as root from outside: no_new_privs is set here, so that sudo has no effect" : "with sudo"
    }

    /// What a security module has to do with it, as a clause.
    private var labels: String? {
        guard ourLabel != nil || targetLabel != nil else { return nil }
        let names = [ourLabel, targetLabel].map { $0.map { TerminalText.escaped($0) } ?? "unconfined" }
        return "a security module confines one of us, most likely: heapdump is \(names[0]), the process \(names[1])"
    }

    private var owner: String {
        guard let user = targetUser else { return "its user" }
        guard let name = userName(user) else { return "user \(user)" }
        return "user \(TerminalText.escaped(name)) (uid \(user))"
    }
}
