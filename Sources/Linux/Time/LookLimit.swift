import Synchronization
public import SystemPackage

/// The time that a look at a foreign process has. Everything that reads foreign files asks here between two portions: their
/// owner may have made them as large as he likes.
public final class LookLimit: Sendable {
    /// nil if what is read has no limit of its own.
    @TaskLocal public static var current: LookLimit?

    private let end: ContinuousClock.Instant
    private let isAbandoned = Atomic(false)

    public init(_ duration: Duration) {
        end = .now + duration
    }

    /// Nobody waits for the result any more.
    public func abandon() { isAbandoned.store(true, ordering: .relaxed) }

    public var isOver: Bool { isAbandoned.load(ordering: .relaxed) || .now >= end }

    /// Of the look that this thread is in; false if it is in none.
    public static var isOver: Bool { current?.isOver ?? false }

    /// - Throws: ETIMEDOUT once the time of the look is over.
    public static func check() throws(Errno) {
        if isOver { throw .timedOut }
    }
}
