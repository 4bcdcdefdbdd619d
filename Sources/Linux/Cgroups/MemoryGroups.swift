/// The control groups of the memory controller that a process is in: its own and those above it, as far as they can be
/// seen from here.
public struct MemoryGroups: Sendable, Equatable {
    /// From the process's own upwards. Empty where it is in none, and where `areHidden`.
    public var groups: [MemoryGroup]
    /// It is in one whose files cannot be reached from here, so that its limits are not known.
    public var areHidden: Bool

    public init(_ groups: [MemoryGroup] = [], areHidden: Bool = false) {
        self.groups = groups
        self.areHidden = areHidden
    }
}
