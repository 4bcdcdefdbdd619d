import Linux

@testable import SnapshotWriter

/// A clock that goes when somebody waits, and at once: hours pass in no time. What is to happen meanwhile happens at its time.
final class FakeClock: RunClock {
    private(set) var now = ContinuousClock.now
    private let start: ContinuousClock.Instant
    private var events: [(time: ContinuousClock.Instant, body: () -> Void)] = []

    init() { start = now }

    /// Since it began.
    var passed: Duration { start.duration(to: now) }

    /// - Parameter delay: from now.
    func after(_ delay: Duration, _ body: @escaping () -> Void) {
        let time = now + delay
        // Behind what is to happen at the same time.
        let index = events.firstIndex { $0.time > time } ?? events.endIndex
        events.insert((time, body), at: index)
    }

    func wait(for entries: inout [Poll.Entry], atMost duration: Duration) {
        let end = now + max(duration, .zero)
        while true {
            Poll.wait(for: &entries, atMost: .zero)
            if entries.contains(where: \.isReady) { return }
            guard let next = events.first, next.time <= end else { break }
            events.removeFirst()
            now = max(now, next.time)
            next.body()
        }
        now = end
    }
}
