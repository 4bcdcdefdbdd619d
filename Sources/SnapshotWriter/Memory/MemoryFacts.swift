import Glibc
public import Linux
import NodeProcess

/// What the memory that a dump needs is held against: read before anything is done.
public struct MemoryFacts: Sendable, Equatable {
    /// Those that the target is in.
    public var groups = MemoryGroups()
    public var host = HostMemory()
    /// What RLIMIT_AS and RLIMIT_DATA leave the target, in bytes; nil where they do not limit it.
    public var addressSpaceHeadroom: UInt64?
    public var dataHeadroom: UInt64?
    /// The control groups that a forked copy would be charged to instead of the target's own; nil where it cannot be kept
    /// out of that.
    public var dumpGroups: [MemoryGroup]?
    /// Whether a copy may be taken out of the target's control groups unasked: not out of a container, whose limits and device
    /// filters its processes are not to leave, nor out of another user's.
    public var mayLeaveGroups = true

    public init() {}

    /// How a control group is called in messages: the directory of its files, which tells everything about it.
    static func name(of group: MemoryGroup) -> String { "control group " + TerminalText.escaped(group.directory) }
}

extension MemoryFacts {
    /// Reads only.
    static func read(_ target: TargetProcess) throws(ProcessError) -> MemoryFacts {
        var facts = MemoryFacts()
        facts.groups = try MemoryGroups.read(target.handle)
        facts.host = HostMemory.read()
        let limits = try ResourceLimits.read(target.handle)
        let sizes = try target.currentSizes()
        facts.addressSpaceHeadroom = limits.addressSpace.map { $0 - min($0, sizes.virtualBytes) }
        facts.dataHeadroom = limits.data.map { $0 - min($0, sizes.dataBytes) }
        facts.dumpGroups = DumpGroupPlace.find(apartFrom: target.handle)?.groups
        // Services have mount namespaces of their own too, and are no containers.
        let isInContainer = Container(of: target).map { $0.kind != .mountNamespace } ?? false
        facts.mayLeaveGroups = target.uid == geteuid() && !isInContainer
        return facts
    }
}
