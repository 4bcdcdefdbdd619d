import Glibc
import Linux
import NodeProcess
import Testing

@testable import SnapshotWriter

/// What the guardian does once heapdump is gone, without a process to guard: its hours pass at once.
@Suite struct GuardianWatchTests {
    private final class Scene {
        let clock = FakeClock()
        let process: FakeProcess
        let inspector: FakeInspector
        var port: UInt16? = 9229
        var present: Set<UInt64> = []
        var threadsHaveReturned = true
        /// When the lock was taken, and when it was let go.
        private(set) var holds: [(from: Duration, to: Duration?)] = []
        var lockIsFree = true

        private final class Hold {
            private let end: () -> Void
            init(_ end: @escaping () -> Void) { self.end = end }
            deinit { end() }
        }

        init() throws {
            process = try FakeProcess()
            inspector = try FakeInspector(of: process, clock)
        }

        func watch(_ duty: GuardianOrders.Duty) {
            GuardianWatch(
                target: process, search: inspector, port: port, present: present, lock: { self.lock() },
                secondOpening: { SecondOpening(turns: nil) { self.threadsHaveReturned } }, clock: clock
            ).run(duty)
        }

        private func lock() -> AnyObject? {
            guard lockIsFree else { return nil }
            let index = holds.count
            holds.append((clock.passed, nil))
            return Hold { self.holds[index].to = self.clock.passed }
        }
    }

    private let opened = GuardianOrders.Duty(inode: 77, hasOpened: true)

    // heapdump's words

    private func duty(_ bytes: [UInt8]) throws -> GuardianOrders.Duty? {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { close(ends[0]) }
        let orders = GuardianOrders(ends[0])
        #expect(orders.confirm())
        var ready: UInt8 = 0
        #expect(read(ends[1], &ready, 1) == 1 && ready == InspectorGuardian.Message.ready.rawValue)
        #expect(write(ends[1], bytes, bytes.count) == bytes.count)
        // As the kernel does for who is killed.
        close(ends[1])
        return orders.awaitDuty()
    }

    private func bytes(_ messages: InspectorGuardian.Message..., inode: UInt64? = nil) -> [UInt8] {
        messages.flatMap { message -> [UInt8] in
            guard message == .opened, let inode else { return [message.rawValue] }
            return [message.rawValue] + withUnsafeBytes(of: inode) { Array($0) }
        }
    }

    @Test func hasNoDutyBeforeTheSignalNorAfterItsDismissal() throws {
        #expect(try duty([]) == nil)
        #expect(try duty(bytes(.signalling, .opened, .closed, .dismissed, inode: 77)) == nil)
        #expect(try duty([0, 255]) == nil)
    }

    @Test func knowsHowFarHeapdumpGot() throws {
        #expect(try #require(try duty(bytes(.signalling))).inode == nil)
        let open = try #require(try duty(bytes(.signalling, .opened, inode: 0x0102_0304_0506)))
        #expect(open.inode == 0x0102_0304_0506 && open.hasOpened && !open.isClosed)
        let closed = try #require(try duty(bytes(.signalling, .opened, .closed, inode: 77)))
        #expect(closed.inode == nil && closed.hasOpened && closed.isClosed)
        // Killed in the middle of a word.
        let cut = try #require(try duty(Array(bytes(.signalling, .opened, inode: 77).prefix(4))))
        #expect(cut.inode == nil && !cut.hasOpened)
    }

    @Test func closesWhatAHeapdumpThatWasKilledHadOpen() throws {
        let scene = try Scene()
        scene.inspector.open()
        scene.watch(try #require(try duty(bytes(.signalling, .opened, inode: 77))))
        #expect(!scene.inspector.isOpen)
        #expect(scene.inspector.sessions.count == 1 && scene.inspector.sessions[0].isClosed)
        #expect(scene.clock.passed < .seconds(1))
    }

    // The watch

    /// A heapdump that was killed right after the signal has not seen it open.
    @Test func closesWhatOpensLater() throws {
        let scene = try Scene()
        scene.process.beBusy()
        scene.clock.after(.seconds(5 * 3600)) {
            scene.inspector.open()
            scene.process.beIdle()
        }
        scene.watch(GuardianOrders.Duty())
        #expect(!scene.inspector.isOpen && scene.inspector.sessions.count == 1)
        #expect((.seconds(5 * 3600)...(.seconds(5 * 3600 + 10))).contains(scene.clock.passed))
    }

    /// Node opens it twice in a process that was busy.
    @Test func closesWhatOpensOnceMore() throws {
        let scene = try Scene()
        scene.inspector.open()
        scene.threadsHaveReturned = false
        scene.clock.after(.seconds(60)) { scene.inspector.open() }
        scene.clock.after(.seconds(90)) { scene.threadsHaveReturned = true }
        scene.watch(opened)
        #expect(!scene.inspector.isOpen && scene.inspector.sessions.count == 2)
        #expect(scene.clock.passed >= .seconds(90))
    }

    /// A dump that comes while a request to close waits in the target would lose the inspector. Others get their turn all the
    /// same.
    @Test func keepsOthersAwayForFiveMinutesAtATime() throws {
        let scene = try Scene()
        scene.inspector.open()
        scene.inspector.closing = [.nothing]
        scene.clock.after(.seconds(350)) { scene.inspector.close() }
        scene.watch(opened)
        try #require(scene.holds.map(\.from) == [.zero, .seconds(315)])
        #expect(scene.holds[0].to == .seconds(300))
        #expect((.seconds(350)...(.seconds(351))).contains(try #require(scene.holds[1].to)))
        #expect(!scene.inspector.isOpen)
        #expect(scene.clock.passed < .seconds(370))
    }

    @Test func worksWithoutALockToo() throws {
        let scene = try Scene()
        scene.inspector.open()
        scene.lockIsFree = false
        scene.watch(opened)
        #expect(!scene.inspector.isOpen)
    }

    /// What an application has replaced it may put back.
    @Test func triesAgainAfterAMinute() throws {
        let scene = try Scene()
        scene.inspector.open()
        scene.inspector.closing = Array(repeating: .text("refused"), count: 8) + [.text("done")]
        scene.watch(opened)
        #expect(!scene.inspector.isOpen)
        #expect(scene.inspector.sessions.count == 3)
        // It was closed after two minutes, and is looked at once more.
        #expect((.seconds(180)...(.seconds(185))).contains(scene.clock.passed))
        // The lock is free meanwhile.
        #expect(scene.holds.allSatisfy { hold in hold.to.map { $0 - hold.from < .seconds(2) } ?? false })
    }

    @Test func leavesTheApplicationsSocketsAlone() throws {
        let scene = try Scene()
        let own = ListeningSocket(ipAddress: .loopbackV4, port: 9229, inode: 5)
        scene.process.sockets = [own]
        scene.present = [5]
        // Not there before the signal, and not an inspector either.
        scene.clock.after(.milliseconds(500)) {
            scene.process.sockets.append(ListeningSocket(ipAddress: .loopbackV4, port: 9229, inode: 6))
        }
        scene.watch(GuardianOrders.Duty())
        #expect(scene.inspector.sessions.isEmpty && scene.process.sockets.count == 2)
        // Once the event loop has turned, and an inspector would have had its time.
        #expect((.seconds(6)...(.seconds(15))).contains(scene.clock.passed))
    }

    /// It answers as an inspector does, and is somebody else's.
    @Test func leavesAnInspectorAloneThatWasOpenBefore() throws {
        let scene = try Scene()
        scene.inspector.open()
        scene.present = [77]
        scene.watch(GuardianOrders.Duty())
        #expect(scene.inspector.isOpen && scene.inspector.sessions.isEmpty)
    }

    /// It cannot answer then, whoever's it is.
    @Test func waitsForAProcessThatIsHeldUp() throws {
        let scene = try Scene()
        scene.process.isFrozenNow = true
        scene.clock.after(.seconds(3600)) {
            scene.process.isFrozenNow = false
            scene.inspector.open()
        }
        scene.watch(GuardianOrders.Duty())
        #expect(!scene.inspector.isOpen && scene.inspector.sessions.count == 1)
        #expect(scene.clock.passed >= .seconds(3600))
    }

    @Test func endsWithTheTarget() throws {
        for isReplaced in [false, true] {
            let scene = try Scene()
            scene.process.beBusy()
            scene.clock.after(.seconds(100)) {
                if isReplaced { scene.process.state = .replaced } else { scene.process.end() }
            }
            scene.watch(GuardianOrders.Duty())
            #expect((.seconds(100)...(.seconds(103))).contains(scene.clock.passed))
        }
    }

    /// One that is gone from the target was closed by heapdump's own request, which it had left in the queue.
    @Test func letsGoOfAnInspectorThatIsGone() throws {
        let scene = try Scene()
        scene.watch(opened)
        #expect(scene.inspector.sessions.isEmpty)
        #expect(scene.clock.passed < .seconds(1))
    }

    @Test func givesUpAfterADay() throws {
        let scene = try Scene()
        scene.process.beBusy()
        scene.watch(GuardianOrders.Duty())
        #expect((.seconds(86_400)...(.seconds(86_403))).contains(scene.clock.passed))
    }
}
