import CLinux
import Glibc
public import SystemPackage

/// Something that has happened, which others sleep for in `Poll`.
public final class Event: Sendable {
    /// An eventfd.
    private let counter: Descriptor

    public init() throws(Errno) { counter = Descriptor(owning: try systemCall { clinux_eventfd() }) }

    /// Readable once it has happened.
    public var descriptor: Int32 { counter.raw }

    public func signal() {
        // Refused only where the counter is at its maximum, and then it is readable already.
        var one: UInt64 = 1
        _ = write(counter.raw, &one, MemoryLayout<UInt64>.size)
    }

    /// As if it had not happened.
    public func clear() {
        var count: UInt64 = 0
        _ = read(counter.raw, &count, MemoryLayout<UInt64>.size)
    }
}
