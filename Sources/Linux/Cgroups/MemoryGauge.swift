import Glibc
import SystemPackage

/// Looks again and again how much a control group has left: cheap as long as that is plenty.
public final class MemoryGauge: Sendable {
    private let group: MemoryGroup
    private let usage: Descriptor

    /// nil where the group has no limit, or is gone.
    public init?(_ group: MemoryGroup) {
        guard group.lowestLimit != nil,
            let usage = try? CgroupFile.open(
                group.directory + (group.hierarchy == .v2 ? "/memory.current" : "/memory.usage_in_bytes")) ?? nil
        else { return nil }
        self.group = group
        self.usage = usage
    }

    /// - Returns: what the group has left where that is less than `reserve`, in bytes; nil where it is more.
    public func headroom(below reserve: UInt64) -> UInt64? {
        guard let limit = group.lowestLimit, let used = number(), used &+ reserve > limit else { return nil }
        // Only now the page cache counts, which takes longer to ask for; and the limit may have been changed meanwhile.
        let now = MemoryGroup(reading: group.directory, group.hierarchy)
        guard let headroom = now?.headroom, headroom < reserve else { return nil }
        return headroom
    }

    private func number() -> UInt64? {
        guard let bytes = try? usage.bytes(at: 0, count: 24) else { return nil }
        return UInt64(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
