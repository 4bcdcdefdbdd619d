import Linux

/// What time it is, and how it passes. A run has the machine's clock; tests have one that they move.
protocol RunClock {
    var now: ContinuousClock.Instant { get }
    /// Sleeps until one of them is ready or the time has passed.
    func wait(for entries: inout [Poll.Entry], atMost duration: Duration)
}

extension RunClock {
    /// The same of one descriptor; nil for none.
    /// - Returns: whether it is ready.
    @discardableResult
    func wait(for descriptor: Int32?, atMost duration: Duration) -> Bool {
        var entries = [Poll.Entry(descriptor)]
        wait(for: &entries, atMost: duration)
        return entries[0].isReady
    }
}

struct MachineClock: RunClock {
    var now: ContinuousClock.Instant { .now }

    func wait(for entries: inout [Poll.Entry], atMost duration: Duration) {
        Poll.wait(for: &entries, atMost: duration)
    }
}
