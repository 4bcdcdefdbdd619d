import Linux

/// The workers of a `cluster` primary: when its inspector opens, Node sends SIGUSR1 to each of them
/// (lib/internal/cluster/primary.js).
public enum ClusterWorkers {
    /// Children of the process that Node started as workers, which it tells them by NODE_UNIQUE_ID. One that has ended, or
    /// that may not be looked into, is left out.
    public static func of(_ handle: ProcessHandle) -> [Int32] {
        ProcessTree.read().children(of: handle.pid).filter { child in
            (try? EnvironmentVariable.read("NODE_UNIQUE_ID", of: child)) ?? nil != nil
        }
    }
}
