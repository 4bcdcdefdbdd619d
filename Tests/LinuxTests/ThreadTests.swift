import Linux
import Synchronization
import Testing

struct ThreadTests {
    @Test func isAwaited() throws {
        let isDone = Atomic(false)
        do { _ = try Thread(stackBytes: 1 << 20) { isDone.store(true, ordering: .relaxed) } }
        let wasDone = isDone.load(ordering: .relaxed)
        #expect(wasDone)
    }

    @Test func saysWhetherItEndsInTime() throws {
        let mayEnd = try Event()
        let thread = try Thread { Poll.wait(for: mayEnd.descriptor, atMost: nil) }
        #expect(!thread.ends(within: .milliseconds(1)))
        mayEnd.signal()
        #expect(thread.ends(within: .seconds(600)))
        thread.join()
        thread.join()
        #expect(thread.ends(within: .zero) && thread.ends(within: .seconds(-1)))
    }

    @Test func isAwaitedByNobody() throws {
        let event = try Event()
        try Thread.detach { event.signal() }
        #expect(Poll.wait(for: event.descriptor, atMost: .seconds(600)))
    }
}
