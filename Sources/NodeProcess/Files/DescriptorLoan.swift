import CLinux
import Glibc
import Linux

/// Descriptors lent to a process that has none left: its limit is higher as long as this lives, and the same again afterwards.
public final class DescriptorLoan {
    private let handle: ProcessHandle
    /// The soft and the hard limit.
    private let before: (UInt64, UInt64)

    /// - Returns: nil if the limit may not be raised: above the hard one, CAP_SYS_RESOURCE alone may.
    public init?(_ count: UInt64, to handle: ProcessHandle) {
        var (soft, hard): (UInt64, UInt64) = (0, 0)
        guard handle.isAlive, clinux_raise_open_files(handle.pid, count, &soft, &hard) == 0 else { return nil }
        self.handle = handle
        before = (soft, hard)
    }

    deinit {
        if handle.isAlive { _ = clinux_limit_open_files(handle.pid, before.0, before.1) }
    }

    /// Whether it may be had.
    public static func isPossible(_ count: UInt64, for room: DescriptorRoom) -> Bool {
        if room.hardLimit.map({ room.limit + count <= $0 }) ?? true { return true }
        return (try? ProcessStatus.read(getpid()))?.mayRaiseLimits ?? false
    }
}
