import Testing

@testable import SnapshotWriter

@Suite struct StallWatchTests {
    private let start = ContinuousClock.now

    @Test func everySignOfLifeCounts() {
        var watch = StallWatch(limit: .seconds(10), now: start)
        var sign = StallWatch.Sign()
        expectStall(&watch, sign, after: 9, false)
        sign.bytes = 1
        expectStall(&watch, sign, after: 11, false)
        sign.progressEvents = 1
        expectStall(&watch, sign, after: 20, false)
        sign.cpuTime = .milliseconds(10)
        expectStall(&watch, sign, after: 29, false)
        expectStall(&watch, sign, after: 38, false)
        expectStall(&watch, sign, after: 39, true)
    }

    @Test func nothingAtAllIsAStall() {
        var watch = StallWatch(limit: .seconds(10), now: start)
        expectStall(&watch, StallWatch.Sign(), after: 10, true)
    }

    private func expectStall(
        _ watch: inout StallWatch, _ sign: StallWatch.Sign, after seconds: Int, _ expected: Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let isStalled = watch.isStalled(sign, now: start + .seconds(seconds))
        #expect(isStalled == expected, sourceLocation: sourceLocation)
    }
}
