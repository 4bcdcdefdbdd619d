public import HeapSnapshot

extension SnapshotVerdict {
    /// One line that continues "NAME: ".
    /// - Parameter input: what was read; without it nothing is said of what to do with a file that is no snapshot.
    public func explanation(of input: ReadInput? = nil) -> String {
        switch self {
        case .valid(let counts):
            "valid: \(counts.nodes) nodes, \(counts.edges) edges, \(counts.strings) strings, "
                + "\(counts.totalSelfSize) bytes of heap"
        case .empty:
            "empty: V8 had not begun to write it"
        case .truncated(let section, let offset):
            "truncated: it ends in \(section.rawValue) at byte \(offset)"
        case .inconsistent(let fault):
            "inconsistent: \(fault.detail) (\(fault.invariant.rawValue), in \(fault.section.rawValue) at byte \(fault.offset))"
        case .notASnapshot(let file):
            "not a snapshot: \(file.explanation(of: input))"
        }
    }
}
