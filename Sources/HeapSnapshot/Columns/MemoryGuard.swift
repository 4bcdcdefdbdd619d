import Glibc

/// Asks how much memory there is before more is taken than a document's header told of.
///
/// What the header tells is admitted once. The rest, the texts first of all, grows with what is read, and a compressed file of a few
/// kilobytes may hold any amount. A trial mapping says nothing: the kernel promises memory that it does not have, and ends a process
/// that uses it.
public final class MemoryGuard: @unchecked Sendable {
    public static let shared = MemoryGuard()

    /// So much, in bytes, is left to what is not asked for.
    private static let reserve = 16 << 20

    private var mutex = pthread_mutex_t()
    // Guarded by the mutex.
    private var available: (@Sendable () -> UInt64?)?
    /// In bytes: may be taken without asking again.
    private var credit = 0
    /// In bytes: taken since the last question, and perhaps not yet in use.
    private var taken = 0

    public init() {
        pthread_mutex_init(&mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(&mutex)
    }

    /// - Parameter available: how much memory there is now, in bytes; nil where nothing limits it. nil to ask no more.
    public func ask(_ available: (@Sendable () -> UInt64?)?) {
        locked {
            self.available = available
            (credit, taken) = (0, 0)
        }
    }

    /// Whether so much more may be taken, in bytes.
    public func admits(_ bytes: Int) -> Bool {
        if locked({ take(bytes) }) { return true }
        // What earlier columns left is nobody's.
        ColumnMemory.shared.giveBack()
        return locked { take(bytes) }
    }

    /// Whether a list may grow to twice as many elements, asked before each of them: an array does so when it is full.
    @inline(__always)
    public func admitsNext(_ count: Int, of bytes: Int) -> Bool {
        count < 1 << 13 || count & (count &- 1) != 0 || admits(count &* 2 &* bytes)
    }

    private func take(_ bytes: Int) -> Bool {
        guard let available else { return true }
        if bytes > credit {
            guard let there = available() else {
                credit = .max
                return true
            }
            let free = Int(clamping: there) - taken - Self.reserve
            guard bytes <= free else { return false }
            // The less there is, the sooner it is looked at again.
            credit = bytes + (free - bytes) / 4
            taken = 0
        }
        credit -= bytes
        taken += bytes
        return true
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(&mutex)
        defer { pthread_mutex_unlock(&mutex) }
        return body()
    }
}
