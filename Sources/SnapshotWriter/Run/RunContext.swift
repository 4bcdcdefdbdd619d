/// What a run has before it has a target: how it waits and what time it is, and where it tells what happens.
struct RunContext {
    let waiter: Waiter
    let journal: DumpJournal

    var clock: any RunClock { waiter.clock }
    var now: ContinuousClock.Instant { waiter.clock.now }

    func enter(_ phase: DumpPhase) {
        waiter.phase = phase
        journal.enter(phase)
    }

    func observe(_ event: DumpEvent) { journal.observe(event) }
    func warn(_ text: String) { journal.warn(text) }
    func note(_ finding: DumpFinding) { journal.note(finding) }
}
