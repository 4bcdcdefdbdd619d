import NodeProcess
import Testing

@testable import SnapshotWriter

/// When an inspector that has not opened will open no more.
@Suite struct LateOpeningTests {
    private let start = ContinuousClock.now

    private func sight(
        _ call: String? = "epoll_wait", isHeldUp: Bool = false, mayWaitForChild: Bool = false
    ) -> LateOpening.Sight {
        LateOpening.Sight(
            activity: MainThreadActivity(state: "S", cpuTime: .zero, blockedIn: call), isHeldUp: isHeldUp,
            mayWaitForChild: mayWaitForChild)
    }

    @Test func aLoopThatTurnsAfterTheDeliveryOpensItSoonOrNever() {
        var late = LateOpening(signalled: start)
        // The signal may be on its way.
        #expect(!late.isOver(now: start + .milliseconds(10)) { sight() })
        #expect(!late.hasTurned)
        #expect(!late.isOver(now: start + .seconds(2)) { sight() })
        #expect(late.hasTurned)
        // Busy meanwhile: it has had its turn all the same.
        #expect(!late.isOver(now: start + .seconds(3)) { sight(nil) })
        #expect(late.isOver(now: start + .seconds(8)) { sight(nil) })
    }

    @Test(arguments: [true, false])
    func whatIsHeldUpOrBusyMayOpenItForEver(isHeldUp: Bool) {
        var late = LateOpening(signalled: start)
        for second in 1...1000 {
            #expect(!late.isOver(now: start + .seconds(second)) { isHeldUp ? sight(isHeldUp: true) : sight("read") })
        }
        #expect(!late.isOver(now: start + .seconds(1001)) { sight(mayWaitForChild: true) })
        #expect(!late.hasTurned)
        // It goes on, and takes the signal.
        #expect(!late.isOver(now: start + .seconds(1002)) { sight() })
        #expect(late.isOver(now: start + .seconds(1008)) { sight() })
    }

    /// Node has the signal open the inspector once more, in the event loop.
    @Test func oneThatWasOpenIsOverAsSoonAsTheLoopIsIdle() {
        var second = SecondOpening(turns: nil) { true }
        #expect(!second.isOver { sight(nil) })
        #expect(!second.isOver { sight(mayWaitForChild: true) })
        #expect(second.isOver { sight() })
    }

    /// The thread that asks for it may not have come to that yet.
    @Test func anIdleLoopSaysNothingBeforeItWasAsked() {
        var looks = 0
        var second = SecondOpening(turns: nil) {
            looks += 1
            return looks > 2
        }
        #expect(!second.isOver { sight() })
        #expect(!second.isOver { sight() })
        #expect(second.isOver { sight() })
        // Once is enough: a thread may be woken for other reasons.
        #expect(second.isOver { sight() })
        #expect(looks == 3)
    }
}
