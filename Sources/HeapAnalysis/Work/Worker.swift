import Glibc

/// Work on a thread of its own. It is awaited before this ends.
final class Worker {
    private let state: State
    private var thread: pthread_t?
    /// Nothing here calls itself: the usual eight MiB would be lacking where memory is limited.
    private static let stackBytes = 2 << 20

    private final class State: @unchecked Sendable {
        let body: @Sendable () -> Void
        let monitor = Monitor()
        var isDone = false

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }

        func run() {
            body()
            monitor.locked {
                isDone = true
                monitor.notifyAll()
            }
        }
    }

    init(_ body: @escaping @Sendable () -> Void) {
        state = State(body)
        let argument = Unmanaged.passRetained(state)
        var started = pthread_t()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, Self.stackBytes)
        let error = pthread_create(
            &started, &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<State>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        if error == 0 {
            thread = started
        } else {
            // Without another thread the work takes longer, and is done all the same.
            argument.takeRetainedValue().run()
        }
    }

    deinit {
        wait()
    }

    /// Returns when the work is done.
    func wait() {
        guard let thread else { return }
        pthread_join(thread, nil)
        self.thread = nil
    }

    /// - Returns: whether the work is done, after this time at most.
    func ends(within duration: Duration) -> Bool {
        var end = timespec()
        clock_gettime(CLOCK_REALTIME, &end)
        let (seconds, attoseconds) = duration.components
        end.tv_nsec += Int(attoseconds / 1_000_000_000)
        end.tv_sec += Int(seconds) + end.tv_nsec / 1_000_000_000
        end.tv_nsec %= 1_000_000_000
        return state.monitor.locked {
            while !state.isDone, state.monitor.wait(until: end) {}
            return state.isDone
        }
    }
}
