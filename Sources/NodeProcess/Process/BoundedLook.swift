import Glibc
import Linux
import Synchronization
import SystemPackage

/// A look at a foreign process that ends in time, whatever that process has done to what is read of it.
///
/// It runs on a thread of its own. A read that never returns, as from a server that is gone, leaves that thread behind and not
/// the caller.
public enum BoundedLook {
    /// Sleeps until the descriptor is readable or the time has passed. What it throws ends the look.
    public typealias Wait = (_ descriptor: Int32, _ duration: Duration) throws -> Void

    /// For a process that was asked for by its pid. An executable of Node's from a slow disk takes some seconds.
    public static let usualLimit = Duration.seconds(30)

    /// - Parameters:
    ///   - limit: once it has passed, the look is given up.
    ///   - wait: passes the time.
    /// - Throws: `ProcessError.tookTooLong`; what the look or `wait` throws.
    public static func run<Value: Sendable>(
        at pid: Int32, within limit: Duration = usualLimit, wait: Wait = sleep,
        _ look: @escaping @Sendable () throws -> Value
    ) throws -> Value {
        let limits = LookLimit(limit)
        let work = { @Sendable in Result { try LookLimit.$current.withValue(limits, operation: look) } }
        guard let result = try outcome(of: work, limits, within: limit, wait) else {
            throw ProcessError.tookTooLong(pid: pid, seconds: limit.wholeSeconds)
        }
        return try result.get()
    }

    /// Looks that go on, those that nobody waits for any more among them.
    private static let underWay = Atomic(0)
    private static let mostUnderWay = 64

    /// - Returns: nil if the time has passed.
    private static func outcome<Value: Sendable>(
        of work: @escaping @Sendable () -> Result<Value, any Error>, _ limits: LookLimit, within limit: Duration,
        _ wait: Wait
    ) throws -> Result<Value, any Error>? {
        let outcome: LookOutcome<Value>
        do throws(Errno) {
            outcome = try LookOutcome()
            // Each that was abandoned keeps a thread and descriptors.
            if underWay.load(ordering: .relaxed) >= mostUnderWay { return nil }
            underWay.add(1, ordering: .relaxed)
            do throws(Errno) {
                try Thread.detach {
                    outcome.set(work())
                    underWay.subtract(1, ordering: .relaxed)
                }
            } catch {
                underWay.subtract(1, ordering: .relaxed)
                throw error
            }
        } catch {
            // Without a thread it is bounded between its reads only.
            let result = work()
            return limits.isOver ? nil : result
        }
        defer { limits.abandon() }
        let end = ContinuousClock.now + limit
        while true {
            if let result = outcome.value {
                // Reads that were refused for the time look like files that end.
                return limits.isOver ? nil : result
            }
            let left = ContinuousClock.now.duration(to: end)
            if left <= .zero { return nil }
            try wait(outcome.descriptor, left)
        }
    }

    /// Passes time inside of a look.
    /// - Throws: ETIMEDOUT once the time of the look is over.
    public static func sleep(_ duration: Duration) throws {
        try LookLimit.check()
        sleep(-1, duration)
    }

    /// For callers that nothing interrupts.
    public static func sleep(_ descriptor: Int32, _ duration: Duration) {
        Poll.wait(for: descriptor, atMost: duration)
    }
}

/// What a look has come to, and a descriptor that tells.
private final class LookOutcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let event: Event

    init() throws(Errno) { event = try Event() }

    /// Readable once there is a value.
    var descriptor: Int32 { event.descriptor }

    var value: Result<Value, any Error>? { result.withLock { $0 } }

    func set(_ value: Result<Value, any Error>) {
        result.withLock { $0 = value }
        event.signal()
    }
}

extension Duration {
    fileprivate var wholeSeconds: Int { Int(clamping: components.seconds) }
}
