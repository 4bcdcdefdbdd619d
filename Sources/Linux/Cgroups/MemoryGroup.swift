/// A control group of the memory controller, as it stands at one moment. Sizes in bytes. Source: the kernel's documentation,
/// admin-guide/cgroup-v2.rst and admin-guide/cgroup-v1/memory.rst.
public struct MemoryGroup: Sendable, Equatable {
    public enum Hierarchy: Sendable, Equatable {
        case v1
        case v2
    }

    public var hierarchy: Hierarchy
    /// Where its files are, as this process reaches them.
    public var directory: String
    /// memory.max (v1: memory.limit_in_bytes): beyond it the kernel kills. nil is unlimited.
    public var limit: UInt64?
    /// memory.high: beyond it the kernel slows its processes down until they hardly move. nil is unlimited.
    public var high: UInt64?
    /// memory.current (v1: memory.usage_in_bytes), with those below it.
    public var usage: UInt64
    /// Of that, clean page cache of no mapped file: what the kernel takes back first.
    public var reclaimable: UInt64
    /// What may still be swapped out, as far as the group's own limits go; nil is unlimited.
    public var swapHeadroom: UInt64?
    /// memory.oom.group: if the kernel kills one process here, it kills all. (v1: memory.oom_control: it kills none, and who needs
    /// memory stands still until somebody gives some, which is the end of a service too.)
    public var killsAllTogether = false

    public init(
        hierarchy: Hierarchy, directory: String, limit: UInt64? = nil, high: UInt64? = nil, usage: UInt64,
        reclaimable: UInt64 = 0, swapHeadroom: UInt64? = 0, killsAllTogether: Bool = false
    ) {
        self.hierarchy = hierarchy
        self.directory = directory
        self.limit = limit
        self.high = high
        self.usage = usage
        self.reclaimable = reclaimable
        self.swapHeadroom = swapHeadroom
        self.killsAllTogether = killsAllTogether
    }

    /// The lower one of both limits.
    public var lowestLimit: UInt64? { [limit, high].compactMap { $0 }.min() }

    /// What is in use and would not be given back.
    public var held: UInt64 { usage - min(usage, reclaimable) }

    /// What its processes can still take before it hurts them, without swapping; nil is any amount.
    public var headroom: UInt64? { lowestLimit.map { $0 - min($0, held) } }
}

extension MemoryGroup {
    /// nil where the directory is not one of the memory controller's: the root, or a group without the controller.
    package init?(reading directory: String, _ hierarchy: Hierarchy) {
        switch hierarchy {
        case .v1: self.init(readingV1: directory)
        case .v2: self.init(readingV2: directory)
        }
    }

    /// A group and those above it, the lowest first.
    package static func read(from directory: String, to top: String, _ hierarchy: Hierarchy) -> [MemoryGroup] {
        CgroupTree.path(from: directory, to: top).compactMap { MemoryGroup(reading: $0, hierarchy) }
    }

    private init?(readingV2 directory: String) {
        guard let usage = CgroupFile(directory + "/memory.current").number else { return nil }
        let statistics = MemoryStatistics(directory, prefix: "")
        let swapLimit = CgroupFile(directory + "/memory.swap.max").limit
        let swapUsage = CgroupFile(directory + "/memory.swap.current").number ?? 0
        self.init(
            hierarchy: .v2, directory: directory,
            limit: CgroupFile(directory + "/memory.max").limit, high: CgroupFile(directory + "/memory.high").limit,
            usage: usage, reclaimable: statistics.reclaimable,
            swapHeadroom: swapLimit.map { $0 - min($0, swapUsage) },
            killsAllTogether: CgroupFile(directory + "/memory.oom.group").number == 1)
    }

    private init?(readingV1 directory: String) {
        guard let usage = CgroupFile(directory + "/memory.usage_in_bytes").number else { return nil }
        let limit = CgroupFile(directory + "/memory.limit_in_bytes").limit
        let both = CgroupFile(directory + "/memory.memsw.limit_in_bytes")
        var swapHeadroom: UInt64? = 0
        // Memory and swap together; the files are missing where the kernel does not count swap.
        if both.exists {
            let bothUsage = CgroupFile(directory + "/memory.memsw.usage_in_bytes").number ?? usage
            swapHeadroom = both.limit.map { bothLimit in
                let swapLimit = bothLimit - min(bothLimit, limit ?? bothLimit)
                let swapUsage = bothUsage - min(bothUsage, usage)
                return swapLimit - min(swapLimit, swapUsage)
            }
        }
        self.init(
            hierarchy: .v1, directory: directory, limit: limit, usage: usage,
            reclaimable: MemoryStatistics(directory, prefix: "total_").reclaimable, swapHeadroom: swapHeadroom,
            killsAllTogether: CgroupFile(directory + "/memory.oom_control").text.contains("oom_kill_disable 1"))
    }
}

/// memory.stat.
private struct MemoryStatistics {
    let reclaimable: UInt64

    /// - Parameter prefix: of the figures that include the groups below.
    init(_ directory: String, prefix: String) {
        var values: [Substring: UInt64] = [:]
        for line in CgroupFile(directory + "/memory.stat").text.split(separator: "\n") {
            let parts = line.split(separator: " ")
            if parts.count == 2, let value = UInt64(parts[1]) { values[parts[0]] = value }
        }
        func sum(_ names: [String]) -> UInt64 {
            names.reduce(0) { $0 &+ (values[Substring(prefix + $1)] ?? 0) }
        }
        let cache = sum(["inactive_file", "active_file"])
        // v1 and v2 call what cannot go at once by different names.
        let bound = sum(
            prefix.isEmpty
                ? ["file_mapped", "file_dirty", "file_writeback"] : ["mapped_file", "dirty", "writeback"])
        reclaimable = cache - min(cache, bound)
    }
}
