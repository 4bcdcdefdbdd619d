import NodeProcess
import Testing

@Suite struct MainThreadActivityTests {
    @Test func aWaitForEventsOrAFutexBearsASignal() {
        func activity(_ state: Character, _ call: String?) -> MainThreadActivity {
            MainThreadActivity(state: state, cpuTime: .zero, blockedIn: call)
        }
        for call in ["epoll_wait", "epoll_pwait", "futex", nil] { #expect(!activity("S", call).isInBreakableCall) }
        #expect(!activity("R", nil).isInBreakableCall)
        // Uninterruptible, so that no signal reaches it.
        #expect(!activity("D", "read").isInBreakableCall)
        for call in ["read", "openat", "pipe_read", "wait4"] { #expect(activity("S", call).isInBreakableCall) }
    }
}
