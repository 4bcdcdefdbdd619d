import NodeProcess

/// Who is to write a snapshot: what tells its files from those of others.
struct SnapshotAuthor {
    let handle: ProcessHandle
    let userID: UInt32
    /// What it calls itself in the names of its files.
    let pidInNamespace: Int32
    /// Another process may call itself the same then.
    let isInOtherPidNamespace: Bool
}

extension SnapshotAuthor {
    init(_ target: TargetProcess) {
        self.init(
            handle: target.handle, userID: target.uid, pidInNamespace: target.pidInNamespace,
            isInOtherPidNamespace: target.isInOtherPidNamespace)
    }
}
