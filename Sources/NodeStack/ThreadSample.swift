/// A thread at one moment, with what that means.
package struct ThreadSample: Sendable {
    package enum Kind: String, Sendable, Encodable {
        case main
        /// Of worker_threads.
        case worker
        /// Of Node itself, V8 or an add-on.
        case other
    }

    package let thread: Int32
    package let kind: Kind
    /// The worker's `threadId`; nil for other threads, and where that cannot be told.
    package let threadID: Int?
    /// As the kernel has it.
    package let name: String
    package let activity: Activity
    package let wait: ThreadWait?
    /// Innermost first; empty for a thread that did not stop.
    package let frames: [StackFrame]
    /// Whether the last frame is the thread's first.
    package let isComplete: Bool
    /// Whether there are more frames than heapdump reads.
    package var isCut: Bool { frames.count >= Unwinder.mostFrames }
    /// How long the thread stood.
    package let stoppedFor: Duration
}
