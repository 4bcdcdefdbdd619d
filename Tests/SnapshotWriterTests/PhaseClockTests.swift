import Testing

@testable import SnapshotWriter

@Suite struct PhaseClockTests {
    @Test func onlyPhasesThatWereReachedHaveATime() {
        var clock = PhaseClock()
        clock.enter(.openingInspector)
        let spent = clock.finish()
        #expect(spent.looking != nil && spent.openingInspector != nil)
        #expect(spent.waiting == nil && spent.building == nil && spent.writing == nil && spent.checking == nil)
    }

    /// Who reads the report wants to know how long it took, and not in which process.
    @Test(arguments: [(DumpPhase.building, DumpPhase.writing), (.childBuilding, .childWriting)])
    func aCopysPhasesAreReportedAsTheProcesss(building: DumpPhase, writing: DumpPhase) throws {
        var clock = PhaseClock()
        for phase in [building, writing, .checking] { clock.enter(phase) }
        let spent = clock.finish()
        #expect(spent.building != nil && spent.writing != nil)
        let parts = [spent.looking, spent.building, spent.writing, spent.checking]
        // Each is rounded to a tenth.
        #expect(abs(parts.compactMap { $0 }.reduce(0, +) - spent.total) < 0.5)
    }

    @Test func aPhaseThatComesAgainIsAddedUp() throws {
        var clock = PhaseClock()
        for _ in 1...3 {
            clock.enter(.childBuilding)
            let end = ContinuousClock.now + .milliseconds(2)
            while .now < end {}
            clock.enter(.childWriting)
        }
        #expect(try #require(clock.finish().building) >= 6)
    }

    /// A fork that failed, and then the inspector: both built, and both count.
    @Test func bothWaysOfBuildingAreAddedUp() throws {
        var clock = PhaseClock()
        for phase in [DumpPhase.childBuilding, .building] {
            clock.enter(phase)
            let end = ContinuousClock.now + .milliseconds(2)
            while .now < end {}
        }
        clock.enter(.checking)
        let spent = clock.finish()
        #expect(try #require(spent.building) >= 4)
    }
}
