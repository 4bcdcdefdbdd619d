/// The machine's memory as /proc/meminfo shows it, in bytes.
public struct HostMemory: Sendable, Equatable {
    /// What programs can take without swapping, as the kernel estimates it. nil where it does not say.
    public var available: UInt64?
    public var freeSwap: UInt64
    /// What may still be promised to programs, where the kernel counts that strictly (vm.overcommit_memory = 2).
    public var commitHeadroom: UInt64?

    public init(available: UInt64? = nil, freeSwap: UInt64 = 0, commitHeadroom: UInt64? = nil) {
        self.available = available
        self.freeSwap = freeSwap
        self.commitHeadroom = commitHeadroom
    }

    public static func read() -> HostMemory {
        HostMemory(
            meminfo: CgroupFile("/proc/meminfo").text,
            overcommits: CgroupFile("/proc/sys/vm/overcommit_memory").number != 2)
    }

    package init(meminfo: String, overcommits: Bool) {
        var values: [Substring: UInt64] = [:]
        for line in meminfo.split(separator: "\n") {
            let parts = line.split(separator: " ")
            if parts.count >= 2, let kilobytes = UInt64(parts[1]) { values[parts[0].dropLast()] = kilobytes << 10 }
        }
        available = values["MemAvailable"]
        freeSwap = values["SwapFree"] ?? 0
        if !overcommits, let limit = values["CommitLimit"] {
            commitHeadroom = limit - min(limit, values["Committed_AS"] ?? 0)
        }
    }
}
