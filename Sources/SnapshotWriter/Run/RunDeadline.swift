/// When the whole run has to be over.
public struct RunDeadline: Sendable {
    /// What was asked for; infinite where nothing was.
    let seconds: Double
    private let end: ContinuousClock.Instant?

    /// - Parameter seconds: from now; nil for no limit.
    public init(seconds: Double?) { self.init(seconds: seconds, now: .now) }

    init(seconds: Double?, now: ContinuousClock.Instant) {
        self.seconds = seconds ?? .infinity
        end = seconds.map { now + .seconds($0) }
    }

    func remaining(at now: ContinuousClock.Instant) -> Duration {
        end.map { now.duration(to: $0) } ?? .seconds(1_000_000_000)
    }
}
