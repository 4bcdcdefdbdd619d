import Glibc
public import SystemPackage

/// A thread of the system's own. It is awaited before this ends.
///
/// For what a pool of tasks does not suit: reads that may never return, long loops over memory, and what has to run while all else is
/// busy.
public final class Thread: Sendable {
    private let state: State
    private let thread: pthread_t

    private final class State: @unchecked Sendable {
        let monitor = Monitor()
        // Guarded by the monitor.
        var isDone = false
        var isJoined = false
    }

    /// - Parameters:
    ///   - stackBytes: nil for the usual size, of which little is ever in memory.
    ///   - isUrgent: it is to run when the machine is busy. Root may ask for that; others do without.
    public init(
        stackBytes: Int? = nil, isUrgent: Bool = false, _ body: @escaping @Sendable () -> Void
    ) throws(Errno) {
        let state = State()
        self.state = state
        thread = try Self.start(stackBytes) {
            body()
            state.monitor.locked {
                state.isDone = true
                state.monitor.notifyAll()
            }
        }
        if isUrgent {
            var priority = sched_param(sched_priority: 1)
            pthread_setschedparam(thread, SCHED_FIFO, &priority)
        }
    }

    deinit { join() }

    /// Returns when its work is done.
    public func join() {
        let isFirst = state.monitor.locked {
            while !state.isDone { state.monitor.wait() }
            defer { state.isJoined = true }
            return !state.isJoined
        }
        if isFirst { pthread_join(thread, nil) }
    }

    /// - Returns: whether its work is done, after this time at most.
    public func ends(within duration: Duration) -> Bool {
        let end = timespec(after: duration)
        return state.monitor.locked {
            while !state.isDone, state.monitor.wait(until: end) {}
            return state.isDone
        }
    }

    /// Starts one that nobody waits for, and that ends by itself.
    public static func detach(_ body: @escaping @Sendable () -> Void) throws(Errno) {
        pthread_detach(try start(nil, body))
    }

    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    private static func start(_ stackBytes: Int?, _ body: @escaping @Sendable () -> Void) throws(Errno) -> pthread_t {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        if let stackBytes { pthread_attr_setstacksize(&attributes, stackBytes) }
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let code = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw Errno(rawValue: code)
        }
        return thread
    }
}

extension timespec {
    /// Of the clock `CLOCK_REALTIME`.
    fileprivate init(after duration: Duration) {
        self.init()
        clock_gettime(CLOCK_REALTIME, &self)
        let (seconds, attoseconds) = max(duration, .zero).components
        tv_nsec += Int(attoseconds / 1_000_000_000)
        tv_sec += Int(seconds) + tv_nsec / 1_000_000_000
        tv_nsec %= 1_000_000_000
    }
}
