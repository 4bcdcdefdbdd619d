import NodeProcess

/// What a dump takes of the target beside memory. The only place that knows: the plan, `list`, and the last look before
/// SIGUSR1 ask here.
///
/// Node does not fail if it lacks one of these while it opens its inspector: it aborts. docs/needs.md has the measurements, on
/// Node 18 to 26; each figure here has a margin, for what the program itself may take between the look and the signal.
public struct DumpNeeds: Sendable, Equatable {
    /// Whether SIGUSR1 is to open the inspector.
    var opensInspector: Bool
    /// Whether the process is to be forked.
    var forks: Bool
    /// Whether ptrace does it, so that nothing stays in the process meanwhile.
    var visits = false

    /// Measured: 8 for an inspector with a connection, 17 with a fork.
    var descriptors: UInt64 { visits ? 0 : (opensInspector ? 16 : 8) + (forks ? 12 : 0) }
    /// Measured: one thread for the inspector; for a fork a copy and the thread that awaits it, with a probe before.
    var tasks: UInt64 { visits ? 2 : (opensInspector ? 3 : 0) + (forks ? 4 : 0) }
    /// Bytes. Measured: 330 MiB, of which 136 for the inspector. glibc reserves 128 MiB for a thread's first memory and keeps 64,
    /// so that each thread that has none yet can take as much at any moment.
    var addressSpace: UInt64 { opensInspector ? 512 << 20 : forks ? 256 << 20 : 128 << 20 }

    /// Each with what is left of it, for what is limited.
    func held(against room: TargetRoom) -> [ResourceNeed] {
        var needs: [ResourceNeed] = []
        if let left = room.descriptors?.left {
            needs.append(ResourceNeed(resource: .descriptors, needed: descriptors, left: left))
        }
        if let left = room.tasks?.left { needs.append(ResourceNeed(resource: .tasks, needed: tasks, left: left)) }
        if let left = [room.addressSpace, room.data].compactMap({ $0 }).min() {
            needs.append(ResourceNeed(resource: .addressSpace, needed: addressSpace, left: left))
        }
        return needs
    }

    /// - Returns: nil if there is enough of everything.
    func refusal(_ room: TargetRoom, pid: Int32) -> Refusal? {
        if let have = room.descriptors, have.left < descriptors { return .tooFewDescriptors(have, self, pid: pid) }
        if let have = room.tasks, have.left < tasks { return .tooFewTasks(have, self) }
        let limits: [(UInt64?, Refusal.AddressLimit)] = [(room.addressSpace, .addressSpace), (room.data, .data)]
        for (left, limit) in limits {
            guard let left, left < addressSpace else { continue }
            return .tooLittleAddressSpace(limit: limit, left: left, self, pid: pid)
        }
        return nil
    }
}

/// What a dump takes of one resource, and what is left of it: a part of the JSON of the plan and of `list`.
public struct ResourceNeed: Sendable, Equatable, Encodable {
    public enum Resource: String, Sendable, Encodable {
        case descriptors
        case tasks
        /// Bytes, by RLIMIT_AS or RLIMIT_DATA.
        case addressSpace = "address-space"
    }

    public let resource: Resource
    public let needed: UInt64
    public let left: UInt64
    public let fits: Bool

    init(resource: Resource, needed: UInt64, left: UInt64) {
        self.resource = resource
        self.needed = needed
        self.left = left
        fits = needed <= left
    }
}
