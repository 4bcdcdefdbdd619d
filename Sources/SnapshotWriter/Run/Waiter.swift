import Linux
import NodeProcess

/// The one place where a run sleeps: until something arrives, the target ends, a signal comes or time is up.
final class Waiter {
    /// nil while there is none yet.
    private let target: ProcessHandle?
    private let interruption: Interruption
    private let deadline: RunDeadline
    /// What the run is doing, for the failures thrown from here.
    var phase = DumpPhase.looking
    /// Bytes of the snapshot so far, likewise.
    var bytes: UInt64 = 0

    init(target: ProcessHandle?, interruption: Interruption, deadline: RunDeadline) {
        self.target = target
        self.interruption = interruption
        self.deadline = deadline
    }

    /// Sleeps until `descriptor` is readable or `duration` has passed.
    /// - Returns: whether it is readable. What has arrived goes before the target's end.
    /// - Parameter other: a second one that ends the sleep as well.
    func wait(
        for descriptor: Int32? = nil, or other: Int32? = nil, atMost duration: Duration
    ) throws(DumpFailure) -> Bool {
        try poll(descriptor, or: other, watchingTarget: true, atMost: duration)
    }

    /// The same for what goes on without the target too.
    func waitWithoutTarget(
        for descriptor: Int32?, or other: Int32? = nil, atMost duration: Duration
    ) throws(DumpFailure) {
        _ = try poll(descriptor, or: other, watchingTarget: false, atMost: duration)
    }

    /// Sleeps until `descriptor` is readable.
    func wait(for descriptor: Int32) throws(DumpFailure) {
        while try !wait(for: descriptor, atMost: .seconds(3600)) {}
    }

    /// Looks at a process, which may have made that take as long as it likes: a signal and the deadline end it.
    func look<Value: Sendable>(
        at handle: ProcessHandle, _ look: @escaping @Sendable () throws -> Value
    ) throws -> Value {
        try BoundedLook.run(at: handle.pid, wait: { try waitWithoutTarget(for: $0, atMost: $1) }, look)
    }

    /// Does not sleep: for loops that find more work each time, so that a signal and the deadline reach them too.
    func checkInterruption() throws(DumpFailure) {
        _ = try poll(nil, watchingTarget: false, atMost: .zero)
    }

    /// Sleeps until `descriptor` can be written to. The target may end meanwhile: its bytes are still worth writing.
    func waitToWrite(to descriptor: Int32) throws(DumpFailure) {
        while try !poll(descriptor, .toWrite, watchingTarget: false, atMost: .seconds(3600)) {}
    }

    private func poll(
        _ descriptor: Int32?, or other: Int32? = nil, _ readiness: Poll.Readiness = .toRead, watchingTarget: Bool,
        atMost duration: Duration
    ) throws(DumpFailure) -> Bool {
        var entries = [
            Poll.Entry(interruption.descriptor), Poll.Entry(watchingTarget ? target?.descriptor : nil),
            Poll.Entry(descriptor, readiness), Poll.Entry(other, readiness),
        ]
        Poll.wait(for: &entries, atMost: min(duration, deadline.remaining))
        if entries[0].isReady, let signal = interruption.take() { throw .interrupted(signal: signal, phase) }
        if deadline.remaining <= .zero { throw .runTimedOut(seconds: deadline.seconds, phase) }
        if entries[2].isReady || entries[3].isReady { return true }
        if entries[1].isReady { throw .targetDied(phase, bytes: bytes) }
        return false
    }
}

extension ProcessHandle {
    /// Sleeps until it ends, `duration` at most.
    /// - Returns: whether it has ended.
    @discardableResult
    func ends(within duration: Duration) -> Bool {
        Poll.wait(for: descriptor, atMost: duration) || !isAlive
    }
}

extension Duration {
    /// Whole milliseconds, rounded up so that a wait never spins.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return seconds.multipliedReportingOverflow(by: 1000).overflow ? .max : seconds * 1000 + fraction
    }

    /// To a tenth, which is as exact as a report needs.
    var inMilliseconds: Double { (inSeconds * 10_000).rounded() / 10 }

    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
