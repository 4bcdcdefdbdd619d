import Linux

/// Whether a cgroup keeps its processes from running (docker pause, systemctl freeze). A frozen process shows the state S in
/// the second version, as if it waited for something.
public enum Freezer {
    /// Reads the process's cgroups of both versions, with those above them.
    public static func isFrozen(_ handle: ProcessHandle) throws(ProcessError) -> Bool {
        try handle.bracketing { () throws(LinuxError) in CgroupTree().isFrozen(handle.pid) }
    }
}
