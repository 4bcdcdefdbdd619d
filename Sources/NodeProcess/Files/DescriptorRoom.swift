import Linux

/// How many descriptors a process may still open.
public struct DescriptorRoom: Sendable, Equatable {
    public let left: UInt64
    /// RLIMIT_NOFILE, the soft limit.
    public let limit: UInt64
    /// How far the soft limit may be raised; nil if without end.
    public let hardLimit: UInt64?

    public init(left: UInt64, limit: UInt64, hardLimit: UInt64? = nil) {
        self.left = left
        self.limit = limit
        self.hardLimit = hardLimit
    }

    /// More than any dump takes: those above the limit do not matter then.
    private static let plenty: UInt64 = 1024

    /// - Returns: nil if it is unlimited, or the descriptors may not be listed.
    public static func read(_ handle: ProcessHandle) throws(ProcessError) -> DescriptorRoom? {
        try handle.bracketing { () throws(LinuxError) -> DescriptorRoom? in
            let limits = try ResourceLimits.read(handle.pid)
            guard let limit = limits.openFiles,
                let directory = try? ProcFile(handle.pid, "fd").directory()
            else { return nil }
            // Since Linux 6.2 the directory's size is their number. There may be a million, in each of a thousand processes.
            let count = UInt64(clamping: (try? directory.status().st_size) ?? 0)
            if count > 0, limit >= count, limit - count >= Self.plenty {
                return DescriptorRoom(left: limit - count, limit: limit, hardLimit: limits.openFilesAtMost)
            }
            // The limit is on a descriptor's number: what was opened above it, before it was lowered, takes none of them.
            var used: UInt64 = 0
            while let number = directory.nextNumber(), used <= limit {
                if UInt64(number) < limit { used += 1 }
            }
            return DescriptorRoom(left: limit - min(limit, used), limit: limit, hardLimit: limits.openFilesAtMost)
        }
    }
}
