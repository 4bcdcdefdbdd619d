import Testing

@testable import SnapshotWriter

@Suite struct StallWatchTests {
    private let start = ContinuousClock.now

    @Test func everySignOfLifeCounts() {
        var watch = StallWatch(limit: .seconds(10), now: start)
        var sign = StallWatch.Sign()
        expectStall(&watch, sign, after: 9, false)
        sign.bytes = 64 << 10
        expectStall(&watch, sign, after: 9, false)
        expectStall(&watch, sign, after: 11, false)
        sign.progressEvents = 1
        expectStall(&watch, sign, after: 18, false)
        sign.cpuTime = .milliseconds(30)
        expectStall(&watch, sign, after: 27, false)
        expectStall(&watch, sign, after: 36, false)
        expectStall(&watch, sign, after: 37, true)
    }

    /// A target that wants to be followed forever.
    @Test func aByteASecondIsAStall() {
        var watch = StallWatch(limit: .seconds(120), now: start)
        for second in 1..<120 {
            expectStall(
                &watch, StallWatch.Sign(bytes: UInt64(second), cpuTime: .milliseconds(second)), after: second, false)
        }
        expectStall(&watch, StallWatch.Sign(bytes: 120, cpuTime: .milliseconds(120)), after: 120, true)
    }

    /// The slowest of disks, or of machines.
    @Test(arguments: [(UInt64(2000), 0.0), (0, 0.01)])
    func littleByLittleIsProgress(bytesPerSecond: UInt64, cpuShare: Double) {
        var watch = StallWatch(limit: .seconds(120), now: start)
        for second in 1..<10_000 {
            let sign = StallWatch.Sign(
                bytes: UInt64(second) * bytesPerSecond, cpuTime: .seconds(Double(second) * cpuShare))
            expectStall(&watch, sign, after: second, false)
        }
    }

    /// A service that has taken the signal for something else, and goes on with its work.
    @Test(arguments: [0.02, 0.5])
    func workOfAServiceIsNoProgress(cpuShare: Double) {
        var watch = StallWatch(limit: .seconds(10), now: start)
        for second in 1..<1000 {
            let isIdle = Double(second % 10) >= 10 * cpuShare
            let sign = StallWatch.Sign(cpuTime: .seconds(Double(second) * cpuShare), isIdle: isIdle)
            guard watch.isStalled(sign, now: start + .seconds(second)) else { continue }
            #expect((10...20).contains(second))
            return
        }
        Issue.record("followed forever")
    }

    /// libuv's threads write what the main thread has built, which waits for them.
    @Test func whatIsWrittenForAnIdleThreadIsProgress() {
        var watch = StallWatch(limit: .seconds(120), now: start)
        for second in 1..<10_000 {
            let sign = StallWatch.Sign(
                bytes: UInt64(second) * 2000, cpuTime: .seconds(Double(second) * 0.01), isIdle: true)
            expectStall(&watch, sign, after: second, false)
        }
    }

    /// Whatever it does meanwhile.
    @Test func noDumpTakesForever() {
        let watch = StallWatch(limit: .seconds(10), atMost: .seconds(3600), now: start)
        #expect(!watch.isTooSlow(now: start + .seconds(3599)))
        #expect(watch.isTooSlow(now: start + .seconds(3600)))
        #expect(!StallWatch(limit: .seconds(10), now: start).isTooSlow(now: start + .seconds(1_000_000)))
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
