import Glibc
import Testing

@testable import SnapshotWriter

/// What ends a wait, and what goes before what.
@Suite struct WaiterTests {
    /// Its last bytes may be all that was missing.
    @Test func whatHasArrivedGoesBeforeTheTargetsEnd() throws {
        let (run, process, pipe) = (try FakeRun(), try FakeProcess(), try TestPipe())
        let waiter = run.context.waiter
        waiter.watch(process)
        run.clock.after(.seconds(1)) {
            process.end()
            pipe.write("!")
        }
        #expect(try waiter.wait(for: pipe.reader, atMost: .seconds(10)))
        #expect(run.clock.passed == .seconds(1))
        _ = pipe.read()
        #expect(failure { _ = try waiter.wait(for: pipe.reader, atMost: .seconds(10)) }?.code == .targetDied)
        // What goes on without it.
        try waiter.waitWithoutTarget(for: pipe.reader, atMost: .seconds(10))
        #expect(run.clock.passed == .seconds(11))
    }

    @Test func anInterruptionGoesBeforeAll() throws {
        let (run, pipe) = (try FakeRun(), try TestPipe())
        run.context.enter(.childWriting)
        run.context.waiter.bytes = 5
        run.clock.after(.seconds(1)) {
            pipe.write("!")
            run.signals.send(SIGHUP)
        }
        guard case .interrupted(SIGHUP, .childWriting)? = failure(of: { try run.context.waiter.wait(for: pipe.reader) })
        else {
            Issue.record("goes on")
            return
        }
    }

    @Test func theRunEndsAtItsDeadline() throws {
        let (run, pipe) = (try FakeRun(timeout: 30), try TestPipe())
        let waiter = run.context.waiter
        #expect(try !waiter.wait(atMost: .seconds(20)))
        #expect(failure { try waiter.wait(for: pipe.reader) }?.code == .runTimedOut)
        #expect(run.clock.passed == .seconds(30))
        // Also for who finds more work each time.
        pipe.write("!")
        #expect(failure { try waiter.checkInterruption() }?.code == .runTimedOut)
    }

    @Test func withoutOneItWaitsAsLongAsItTakes() throws {
        let (run, pipe) = (try FakeRun(), try TestPipe())
        run.clock.after(.seconds(30 * 86_400)) { pipe.write("!") }
        try run.context.waiter.wait(for: pipe.reader)
        #expect(run.clock.passed == .seconds(30 * 86_400))
    }

    // Its turn

    private func wait(_ run: FakeRun, _ descriptor: Int32, heldBy uid: UInt32, within limit: Duration?) -> String? {
        var turn = Turn(limit: limit, waiter: run.context.waiter)
        do {
            try turn.wait(for: descriptor, heldBy: DumpLock.Holder(pid: getpid(), uid: uid), of: "it") {
                run.context.observe(.note($0))
            }
            return nil
        } catch is DumpLock.PassedOver {
            return "passed over"
        } catch {
            return DumpFailure(error).code.rawValue
        }
    }

    @Test func waitsForAnotherHeapdumpAsLongAsThatTakes() throws {
        let (run, lock) = (try FakeRun(), try TestPipe())
        run.clock.after(.seconds(7200)) { lock.end() }
        #expect(wait(run, lock.reader, heldBy: geteuid(), within: nil) == nil)
        #expect(run.clock.passed == .seconds(7200))
        #expect(run.notes == ["waiting for another heapdump, process \(getpid()), to be done with it"])
    }

    @Test func waitsNoLongerThanItWasTold() throws {
        let (run, lock) = (try FakeRun(), try TestPipe())
        #expect(wait(run, lock.reader, heldBy: geteuid(), within: .seconds(5)) == "busy")
        #expect(run.clock.passed == .seconds(5))
    }

    /// The target's user may hold the lock forever, and must not keep anybody from dumping.
    @Test func passesOverAUsersLockAfterAMinute() throws {
        let (run, lock) = (try FakeRun(), try TestPipe())
        #expect(wait(run, lock.reader, heldBy: 4_000_000, within: nil) == "passed over")
        #expect(run.clock.passed == .seconds(60))
        #expect(wait(run, lock.reader, heldBy: 4_000_000, within: .seconds(5)) == "busy")
    }

    @Test func waitsTenSecondsForWhatNobodyAnnounces() throws {
        let run = try FakeRun()
        var turn = Turn(limit: nil, waiter: run.context.waiter)
        while try turn.waitABit() {}
        #expect(run.clock.passed == .seconds(10))
    }
}
