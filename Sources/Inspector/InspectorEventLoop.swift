import NIOCore
import NIOPosix

/// The one thread on which SwiftNIO reads and writes. It decodes WebSocket frames and nothing else, so that a slow disk
/// or the validator never keep it from emptying the target's socket.
public final class InspectorEventLoop: Sendable {
    let group: MultiThreadedEventLoopGroup

    public init() {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    }

    /// Ends the thread. Connections that are still open are closed.
    public func shutdown() {
        // A failure here leaves a thread behind in a process that is about to end: nothing to tell.
        try? group.syncShutdownGracefully()
    }
}
