/// When the whole run has to be over.
public struct RunDeadline: Sendable {
    /// What was asked for; infinite where nothing was.
    let seconds: Double
    private let end: ContinuousClock.Instant?

    /// - Parameter seconds: from now; nil for no limit.
    public init(seconds: Double?) {
        self.seconds = seconds ?? .infinity
        end = seconds.map { ContinuousClock.now + .seconds($0) }
    }

    var remaining: Duration {
        end.map { ContinuousClock.now.duration(to: $0) } ?? .seconds(1_000_000_000)
    }
}
