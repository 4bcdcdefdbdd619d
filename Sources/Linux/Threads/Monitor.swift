public import Glibc

/// A lock with a condition that threads wait for.
public final class Monitor: @unchecked Sendable {
    private var mutex = pthread_mutex_t()
    private var changed = pthread_cond_t()

    public init() {
        pthread_mutex_init(&mutex, nil)
        pthread_cond_init(&changed, nil)
    }

    deinit {
        pthread_mutex_destroy(&mutex)
        pthread_cond_destroy(&changed)
    }

    public func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(&mutex)
        defer { pthread_mutex_unlock(&mutex) }
        return body()
    }

    /// Within `locked`: tells all that wait to look again.
    public func notifyAll() { pthread_cond_broadcast(&changed) }

    /// Within `locked`, which others may be in meanwhile.
    public func wait() { pthread_cond_wait(&changed, &mutex) }

    /// Within `locked`.
    /// - Parameter end: of the clock `CLOCK_REALTIME`.
    /// - Returns: false where nobody has told by then.
    public func wait(until end: timespec) -> Bool {
        var end = end
        return pthread_cond_timedwait(&changed, &mutex, &end) != ETIMEDOUT
    }
}
