import CLinux
import Glibc
import NIOConcurrencyHelpers

/// An answer that the network thread will give. Whoever awaits it sleeps on `descriptor`, together with whatever else
/// may wake it; there is always an answer, if only that time is up.
public final class PendingAnswer<Value: Sendable>: Sendable {
    private let result = NIOLockedValueBox<Result<Value, InspectorError>?>(nil)
    /// An eventfd: readable from the moment of the answer on.
    public let descriptor: Int32

    init() throws(InspectorError) {
        descriptor = clinux_eventfd()
        guard descriptor >= 0 else { throw .closed(reason: "no event descriptor: " + String(cString: strerror(errno))) }
    }

    deinit { close(descriptor) }

    /// nil until there is an answer.
    public var answer: Result<Value, InspectorError>? { result.withLockedValue { $0 } }

    func resolve(_ answer: Result<Value, InspectorError>) {
        result.withLockedValue { $0 = answer }
        var one: UInt64 = 1
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }
}
