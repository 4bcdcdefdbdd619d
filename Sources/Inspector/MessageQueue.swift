import Linux
import NIOConcurrencyHelpers
import NIOCore
import SystemPackage

/// What the network thread hands to the thread that consumes.
enum QueuedEvent {
    case message(ByteBuffer)
    case closed(InspectorError)
}

/// A queue from the network thread to one consumer that sleeps in poll(2): its event descriptor is readable while the
/// queue holds something.
final class MessageQueue: Sendable {
    private struct State {
        var events = CircularBuffer<QueuedEvent>()
        var bytes = 0
        var isReadingPaused = false
    }

    private let state = NIOLockedValueBox(State())
    private let filled: Event
    var descriptor: Int32 { filled.descriptor }

    init() throws(InspectorError) {
        do throws(Errno) {
            filled = try Event()
        } catch {
            throw .closed(reason: "no event descriptor: \(error)")
        }
    }

    /// Empty messages take memory as well.
    private static func cost(of buffer: ByteBuffer) -> Int { buffer.readableBytes + 256 }

    /// - Returns: whether the socket may be read on; if not, `next` calls for it again later.
    func append(_ event: QueuedEvent) -> Bool {
        let mayRead = state.withLockedValue { state in
            state.events.append(event)
            if case .message(let buffer) = event { state.bytes += Self.cost(of: buffer) }
            if state.bytes > InspectorLimits.queueBytes { state.isReadingPaused = true }
            return !state.isReadingPaused
        }
        filled.signal()
        return mayRead
    }

    /// The oldest event, and whether reading has to be resumed; nil when the queue is empty. The end stays, for whoever asks
    /// again.
    func next() -> (event: QueuedEvent, resumeReading: Bool)? {
        state.withLockedValue { state in
            if case .closed? = state.events.first { return state.events.first.map { ($0, false) } }
            guard let event = state.events.popFirst() else {
                // Emptied under the lock, so that no wake-up between the look and the read is lost.
                filled.clear()
                return nil
            }
            if case .message(let buffer) = event { state.bytes -= Self.cost(of: buffer) }
            let resume = state.isReadingPaused && state.bytes < InspectorLimits.queueBytes / 2
            if resume { state.isReadingPaused = false }
            return (event, resume)
        }
    }
}
