import Testing

@testable import SnapshotWriter

@Suite struct PhaseClockTests {
    private let start = ContinuousClock.now

    private func after(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    @Test func onlyPhasesThatWereReachedHaveATime() {
        var clock = PhaseClock(now: start)
        clock.enter(.openingInspector, now: after(3))
        let spent = clock.finish(now: after(10))
        #expect(spent.looking == 3 && spent.openingInspector == 7 && spent.total == 10)
        #expect(spent.waiting == nil && spent.building == nil && spent.writing == nil && spent.checking == nil)
    }

    /// Who reads the report wants to know how long it took, and not in which process.
    @Test(arguments: [(DumpPhase.building, DumpPhase.writing), (.childBuilding, .childWriting)])
    func aCopysPhasesAreReportedAsTheProcesss(building: DumpPhase, writing: DumpPhase) {
        var clock = PhaseClock(now: start)
        clock.enter(building, now: after(1))
        clock.enter(writing, now: after(3))
        clock.enter(.checking, now: after(7))
        let spent = clock.finish(now: after(15))
        #expect(spent.looking == 1 && spent.building == 2 && spent.writing == 4 && spent.checking == 8)
        #expect(spent.total == 15)
    }

    @Test func aPhaseThatComesAgainIsAddedUp() {
        var clock = PhaseClock(now: start)
        for turn in 0..<3 {
            clock.enter(.childBuilding, now: after(turn * 10))
            clock.enter(.childWriting, now: after(turn * 10 + 2))
        }
        let spent = clock.finish(now: after(30))
        #expect(spent.building == 6 && spent.writing == 24)
    }

    /// A fork that failed, and then the inspector: both built, and both count.
    @Test func bothWaysOfBuildingAreAddedUp() {
        var clock = PhaseClock(now: start)
        clock.enter(.childBuilding, now: after(0))
        clock.enter(.building, now: after(5))
        clock.enter(.checking, now: after(12))
        #expect(clock.finish(now: after(12)).building == 12)
    }
}
