import Linux

/// Why a process that somebody knows of may not be there for us.
enum PidNamespaceHint {
    /// The number of the machine's first pid namespace: PROC_PID_INIT_INO of the kernel's linux/proc_ns.h.
    private static let first: UInt64 = 0xEFFF_FFFC

    /// nil in the machine's first pid namespace, which has all processes.
    static let text: String? = {
        guard let own = try? FileIdentity(path: "/proc/self/ns/pid"), own.inode != first else { return nil }
        return
            "only the processes of this pid namespace can be seen, that is of this container; share that of the process "
            + "(docker run --pid=container:NAME; Kubernetes: shareProcessNamespace, or kubectl debug --target), or run on "
            + "its host"
    }()
}
