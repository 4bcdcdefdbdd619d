import Linux
import NodeProcess

/// The one place where a run sleeps: until something arrives, the target ends, a signal comes or time is up.
final class Waiter {
    let clock: any RunClock
    private let signals: any RunSignals
    private let deadline: RunDeadline
    /// Whose end is noticed; nil while there is none yet.
    private var target: (any LiveProcess)?
    /// What the run is doing, for the failures thrown from here.
    var phase = DumpPhase.looking
    /// Bytes of the snapshot so far, likewise.
    var bytes: UInt64 = 0

    init(_ signals: any RunSignals, until deadline: RunDeadline, by clock: any RunClock = MachineClock()) {
        self.signals = signals
        self.deadline = deadline
        self.clock = clock
    }

    /// From here on the end of this process ends what waits for it.
    func watch(_ target: any LiveProcess) { self.target = target }

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
            Poll.Entry(signals.descriptor), Poll.Entry(watchingTarget ? target?.descriptor : nil),
            Poll.Entry(descriptor, readiness), Poll.Entry(other, readiness),
        ]
        clock.wait(for: &entries, atMost: min(duration, deadline.remaining(at: clock.now)))
        if entries[0].isReady, let signal = signals.take() { throw .interrupted(signal: signal, phase) }
        if deadline.remaining(at: clock.now) <= .zero { throw .runTimedOut(seconds: deadline.seconds, phase) }
        if entries[2].isReady || entries[3].isReady { return true }
        if entries[1].isReady { throw .targetDied(phase, bytes: bytes) }
        return false
    }
}

extension Duration {
    /// To a tenth, which is as exact as a report needs.
    var inMilliseconds: Double { (inSeconds * 10_000).rounded() / 10 }

    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
