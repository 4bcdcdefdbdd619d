/// Milliseconds spent in each phase.
struct PhaseClock {
    typealias Instant = ContinuousClock.Instant

    private let start: Instant
    private var phase = DumpPhase.looking
    private var phaseStart: Instant
    private var spent: [DumpPhase: Double] = [:]

    init(now: Instant) { (start, phaseStart) = (now, now) }

    mutating func enter(_ next: DumpPhase, now: Instant) {
        spent[phase, default: 0] += Self.milliseconds(phaseStart, now)
        phase = next
        phaseStart = now
    }

    /// Ends the current phase.
    mutating func finish(now: Instant) -> SnapshotReport.Milliseconds {
        enter(phase, now: now)
        return SnapshotReport.Milliseconds(
            looking: spent[.looking], openingInspector: spent[.openingInspector], waiting: spent[.waiting],
            building: both(.building, .childBuilding), writing: both(.writing, .childWriting),
            checking: spent[.checking],
            total: Self.milliseconds(start, now))
    }

    /// Where a copy has failed, the process itself has built as well.
    private func both(_ own: DumpPhase, _ childs: DumpPhase) -> Double? {
        let parts = [spent[own], spent[childs]].compactMap { $0 }
        return parts.isEmpty ? nil : parts.reduce(0, +)
    }

    private static func milliseconds(_ from: Instant, _ to: Instant) -> Double {
        from.duration(to: to).inMilliseconds
    }
}
