import NodeProcess
import Testing

@testable import SnapshotWriter

/// The moment at which SIGUSR1 finds no JavaScript running.
@Suite struct RestWatchTests {
    private let start = ContinuousClock.now
    private let runs = MainThreadActivity(state: "R", cpuTime: .zero, blockedIn: nil)
    private let rests = MainThreadActivity(state: "S", cpuTime: .zero, blockedIn: "epoll_wait")
    private let sleeps = MainThreadActivity(state: "S", cpuTime: .zero, blockedIn: "futex")

    private func watch(_ version: String?) -> RestWatch {
        RestWatch(version.flatMap { NodeVersion($0) }, now: start)
    }

    @Test(arguments: ["18.20.8", "22.11.0", nil])
    func oneThatWaitsInItsEventLoopIsSignalledAtOnce(version: String?) {
        var watch = watch(version)
        #expect(watch.take(rests, calls: nil, now: start) == .isOver)
    }

    /// In a call of its own. For threads that collect garbage it sleeps too, and longer on a machine that is busy with other things.
    @Test(arguments: [("18.20.8", 100), ("22.11.0", 10), (nil, 100)])
    func oneThatSleepsOnIsSignalledSoon(version: String?, looks: Int) {
        var watch = watch(version)
        for look in 1..<looks { #expect(watch.take(sleeps, calls: nil, now: start + .milliseconds(look)) == .goesOn) }
        #expect(watch.take(runs, calls: nil, now: start + .milliseconds(looks)) == .goesOn)
        // In a row: it begins anew.
        for look in 1..<looks {
            #expect(watch.take(sleeps, calls: nil, now: start + .milliseconds(looks + look)) == .goesOn)
        }
        #expect(watch.take(sleeps, calls: nil, now: start + .milliseconds(2 * looks)) == .isOver)
    }

    @Test(arguments: ["16.20.2", "20.18.0", "26.0.0"])
    func oneThatRunsIsWaitedForInPolitenessAlone(version: String) {
        var watch = watch(version)
        #expect(watch.take(runs, calls: nil, now: start) == .goesOn)
        #expect(watch.take(runs, calls: nil, now: start + .milliseconds(199)) == .goesOn)
        #expect(watch.take(runs, calls: nil, now: start + .milliseconds(200)) == .isOver)
    }

    @Test(arguments: ["17.9.1", "18.20.8", "19.0.0", nil])
    func oneThatServesWithoutRestIsNotSignalled(version: String?) {
        var watch = watch(version)
        for tenth in 0..<100 {
            #expect(watch.take(runs, calls: UInt64(tenth) * 100, now: start + .milliseconds(100 * tenth)) == .goesOn)
        }
        #expect(watch.take(runs, calls: 10_000, now: start + .seconds(10)) == .neverRests)
    }

    @Test func oneThatServesMayRestInTheEnd() {
        var watch = watch("18.20.8")
        #expect(watch.take(runs, calls: 0, now: start) == .goesOn)
        #expect(watch.take(runs, calls: 900, now: start + .seconds(9)) == .goesOn)
        #expect(watch.take(rests, calls: 901, now: start + .seconds(9)) == .isOver)
    }

    @Test func oneThatOnlyComputesIsSignalled() {
        var watch = watch("18.20.8")
        #expect(watch.take(runs, calls: 7, now: start) == .goesOn)
        #expect(watch.take(runs, calls: 8, now: start + .milliseconds(999)) == .goesOn)
        #expect(watch.take(runs, calls: 9, now: start + .seconds(1)) == .isOver)
    }

    /// What cannot be seen is not taken for rest.
    @Test func oneWhoseCallsAreHiddenIsNotSignalled() {
        var watch = watch("18.20.8")
        #expect(watch.take(runs, calls: nil, now: start) == .goesOn)
        #expect(watch.take(runs, calls: nil, now: start + .seconds(5)) == .goesOn)
        #expect(watch.take(runs, calls: nil, now: start + .seconds(10)) == .neverRests)
    }
}
