import Glibc

/// What one thread finds out and another waits for.
final class Outcome<Value>: @unchecked Sendable {
    private var mutex = pthread_mutex_t()
    private var changed = pthread_cond_t()
    private var isKnown = false
    private var found: Value?

    init() {
        pthread_mutex_init(&mutex, nil)
        pthread_cond_init(&changed, nil)
    }

    deinit {
        pthread_mutex_destroy(&mutex)
        pthread_cond_destroy(&changed)
    }

    /// - Parameter value: nil where there is no memory for it.
    func set(_ value: Value?) {
        pthread_mutex_lock(&mutex)
        found = value
        isKnown = true
        pthread_cond_broadcast(&changed)
        pthread_mutex_unlock(&mutex)
    }

    /// Whether it is, by now.
    var isSet: Bool {
        pthread_mutex_lock(&mutex)
        defer { pthread_mutex_unlock(&mutex) }
        return isKnown
    }

    /// Returns when it is set.
    func get() -> Value? {
        pthread_mutex_lock(&mutex)
        defer { pthread_mutex_unlock(&mutex) }
        while !isKnown { pthread_cond_wait(&changed, &mutex) }
        return found
    }

    /// As `get`, and gives it away: what is left keeps no memory.
    func take() -> Value? {
        let value = get()
        pthread_mutex_lock(&mutex)
        found = nil
        pthread_mutex_unlock(&mutex)
        return value
    }
}
