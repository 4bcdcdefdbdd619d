import Glibc
import Linux
import Testing

struct PollTests {
    @Test func tellsWhatIsReady() throws {
        let (happened, open) = (try Event(), try Event())
        happened.signal()
        var entries = [Poll.Entry(open.descriptor), Poll.Entry(nil), Poll.Entry(happened.descriptor)]
        Poll.wait(for: &entries, atMost: nil)
        #expect(entries.map(\.isReady) == [false, false, true])
        happened.clear()
        #expect(!Poll.isReady(happened.descriptor, .toRead))
        #expect(Poll.isReady(happened.descriptor, .toWrite))
    }

    @Test func endsWhenTheTimeHasPassed() throws {
        let event = try Event()
        let start = ContinuousClock.now
        #expect(!Poll.wait(for: event.descriptor, atMost: .microseconds(1500)))
        #expect(start.duration(to: .now) >= .microseconds(1500))
        #expect(!Poll.wait(for: event.descriptor, atMost: .seconds(-1)))
    }

    @Test func wakesForAnotherThread() throws {
        let event = try Event()
        let thread = try Thread { event.signal() }
        #expect(Poll.wait(for: event.descriptor, atMost: nil))
        thread.join()
    }

    /// The time that has passed counts, however often a signal comes.
    @Test func goesOnAfterASignal() throws {
        var ignored = sigaction()
        ignored.__sigaction_handler.sa_handler = { _ in }
        var before = sigaction()
        sigaction(SIGUSR2, &ignored, &before)
        defer { sigaction(SIGUSR2, &before, nil) }
        let (event, isOver) = (try Event(), try Event())
        let sleeper = UInt(pthread_self())
        let thread = try Thread {
            while !Poll.isReady(isOver.descriptor, .toRead) {
                pthread_kill(pthread_t(sleeper), SIGUSR2)
                Poll.sleep(.milliseconds(1))
            }
        }
        let start = ContinuousClock.now
        #expect(!Poll.wait(for: event.descriptor, atMost: .milliseconds(20)))
        #expect(start.duration(to: .now) >= .milliseconds(20))
        isOver.signal()
        thread.join()
    }

    @Test func seesTheOtherSideGone() throws {
        var ends: [Int32] = [-1, -1]
        _ = try systemCall { socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) }
        let reader = Descriptor(owning: ends[0])
        close(ends[1])
        #expect(Poll.wait(for: reader.raw, atMost: nil))
    }
}
