import Linux

/// Work on a thread of its own. It is awaited before this ends.
final class Worker {
    private let thread: Thread?
    /// Nothing here calls itself: the usual eight MiB would be lacking where memory is limited.
    private static let stackBytes = 2 << 20

    init(_ body: @escaping @Sendable () -> Void) {
        thread = try? Thread(stackBytes: Self.stackBytes, body)
        // Without another thread the work takes longer, and is done all the same.
        if thread == nil { body() }
    }

    /// Returns when the work is done.
    func wait() { thread?.join() }

    /// - Returns: whether the work is done, after this time at most.
    func ends(within duration: Duration) -> Bool { thread?.ends(within: duration) ?? true }
}
