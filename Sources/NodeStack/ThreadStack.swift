/// A thread at one moment.
package struct ThreadStack: Sendable {
    package let thread: Int32
    /// The system call that it is in, by number; nil if it runs in the program.
    package let systemCall: Int?
    package let arguments: [UInt64]
    /// The path among them.
    package let path: String?
    /// Its `threadId`, if it is a worker's thread and that can be told; of other threads it means nothing.
    package let workerID: Int?
    /// Innermost first.
    package let frames: [StackFrame]
    /// Whether the last frame is the thread's first.
    package let isComplete: Bool
    /// How long the thread stood for this.
    package let stoppedFor: Duration

    init(
        thread: Int32, systemCall: (number: Int, arguments: [UInt64])?, path: String? = nil,
        workerID: Int? = nil, frames: [StackFrame], isComplete: Bool = true, stoppedFor: Duration = .zero
    ) {
        self.thread = thread
        self.systemCall = systemCall?.number
        arguments = systemCall?.arguments ?? []
        self.path = path
        self.workerID = workerID
        self.frames = frames
        self.isComplete = isComplete
        self.stoppedFor = stoppedFor
    }
}
