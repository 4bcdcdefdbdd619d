import Glibc
import NodeProcess
import Testing

@testable import SnapshotWriter

@Suite struct SignalWaitTests {
    private let start = ContinuousClock.now
    private let idle = MainThreadActivity(state: "S", cpuTime: .zero, blockedIn: "epoll_wait")

    private func wait(_ dumper: DumpSignal.Dumper = .option, stallTimeout: Duration = .seconds(120)) -> SignalWait {
        SignalWait(
            signal: DumpSignal(number: SIGUSR2, dumper: dumper, directories: ["/srv"]), stallTimeout: stallTimeout,
            now: start)
    }

    private func busy(_ seconds: Int) -> MainThreadActivity {
        MainThreadActivity(state: "R", cpuTime: .seconds(seconds), blockedIn: nil)
    }

    private func end(_ judgement: SignalWait.Judgement) -> DumpFailure? {
        if case .giveUp(let failure) = judgement { return failure }
        return nil
    }

    private func words(_ judgement: SignalWait.Judgement) -> String? {
        if case .say(let text) = judgement { return text }
        return nil
    }

    @Test func aBusyLoopIsWaitedForAndMentionedOnce() throws {
        var wait = wait()
        #expect(words(wait.judge(busy(0), stranger: nil, now: start)) == nil)
        let said = try #require(words(wait.judge(busy(3), stranger: nil, now: start + .seconds(3))))
        #expect(said.contains("SIGUSR2") && said.contains("busy"))
        for second in 4...3600 {
            guard case .goOn = wait.judge(busy(second), stranger: nil, now: start + .seconds(second)) else {
                Issue.record("at \(second) s")
                return
            }
        }
    }

    @Test func aBlockedCallIsNamed() throws {
        var wait = wait()
        let blocked = MainThreadActivity(state: "S", cpuTime: .zero, blockedIn: "read")
        let said = try #require(words(wait.judge(blocked, stranger: nil, now: start + .seconds(3))))
        #expect(said.contains("blocked in read"))
    }

    @Test func anIdleLoopThatDoesNothingIsGivenUp() throws {
        var wait = wait()
        // Before the signal has arrived, idleness says nothing.
        #expect(end(wait.judge(idle, stranger: nil, now: start)) == nil)
        #expect(end(wait.judge(idle, stranger: nil, now: start + .seconds(2))) == nil)
        #expect(end(wait.judge(idle, stranger: nil, now: start + .seconds(11))) == nil)
        let failure = try #require(end(wait.judge(idle, stranger: nil, now: start + .seconds(12))))
        #expect(failure.message.contains("no snapshot appeared"))
        #expect(failure.code.rawValue == "nothing-appeared")
        #expect(failure.exitCode == .noMethod)
    }

    /// execSync waits in an event loop of its own, and a frozen process in one that does not turn.
    @Test func aLoopThatIsNotNodesOwnIsNotIdle() {
        var waiting = wait()
        for second in 1...100 {
            let now = start + .seconds(second)
            #expect(end(waiting.judge(idle, stranger: nil, now: now, mayWaitForChild: { true })) == nil)
        }
        let frozen = MainThreadActivity(state: "D", cpuTime: .zero, blockedIn: "epoll_wait")
        var freezing = wait()
        for second in 1...100 {
            #expect(end(freezing.judge(frozen, stranger: nil, now: start + .seconds(second))) == nil)
        }
    }

    /// A server is found at work as often as idle.
    @Test func oneTurnOfTheLoopIsEnough() {
        var wait = wait()
        _ = wait.judge(idle, stranger: nil, now: start + .seconds(2))
        #expect(end(wait.judge(busy(1), stranger: nil, now: start + .seconds(11))) == nil)
        #expect(end(wait.judge(busy(2), stranger: nil, now: start + .seconds(12))) != nil)
    }

    @Test func anApplicationMayTakeItsTime() throws {
        var wait = wait(.application)
        _ = wait.judge(idle, stranger: nil, now: start)
        #expect(end(wait.judge(idle, stranger: nil, now: start + .seconds(100))) == nil)
        let failure = try #require(end(wait.judge(idle, stranger: nil, now: start + .seconds(121))))
        #expect(failure.exitCode == .timedOut)
    }

    /// It may have taken the signal for something else, and goes on with its work.
    @Test func anApplicationThatOnlyGoesOnWithItsWorkIsGivenUp() throws {
        var wait = wait(.application)
        var failure: DumpFailure?
        for second in 1...300 where failure == nil {
            let activity = MainThreadActivity(
                state: second % 2 == 0 ? "R" : "S", cpuTime: .milliseconds(500 * second),
                blockedIn: second % 2 == 0 ? nil : "epoll_wait")
            failure = end(wait.judge(activity, stranger: nil, now: start + .seconds(second)))
        }
        #expect(try #require(failure).exitCode == .timedOut)
    }

    @Test func aStrangersFileIsNamed() throws {
        var wait = wait(.addon(path: "/addon.node"))
        let name = "/srv/heapdump-1.2.heapsnapshot"
        _ = wait.judge(idle, stranger: nil, now: start + .seconds(2))
        let failure = try #require(end(wait.judge(idle, stranger: name, now: start + .seconds(12))))
        #expect(failure.message.contains(name) && failure.message.contains("left there"))
    }
}
