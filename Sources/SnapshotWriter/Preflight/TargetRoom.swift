import Linux
public import NodeProcess

/// What the target may still take, beside memory; nil where nothing limits it, or nobody can tell.
public struct TargetRoom: Sendable, Equatable {
    public var descriptors: DescriptorRoom?
    public var tasks: TaskRoom?
    /// Bytes that RLIMIT_AS leaves.
    public var addressSpace: UInt64?
    /// Bytes that RLIMIT_DATA leaves: a thread's stack counts for it too.
    public var data: UInt64?

    public init() {}

    /// Reads only.
    static func read(_ target: TargetProcess) throws(ProcessError) -> TargetRoom {
        var room = TargetRoom()
        room.descriptors = try DescriptorRoom.read(target.handle)
        room.tasks = try TaskRoom.read(target.handle)
        let limits = try ResourceLimits.read(target.handle)
        guard limits.addressSpace != nil || limits.data != nil else { return room }
        let sizes = try target.currentSizes()
        room.addressSpace = limits.addressSpace.map { $0 - min($0, sizes.virtualBytes) }
        room.data = limits.data.map { $0 - min($0, sizes.dataBytes) }
        return room
    }
}
