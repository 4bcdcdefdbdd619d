import Linux
import NIOConcurrencyHelpers
import SystemPackage

/// An answer that the network thread will give. Whoever awaits it sleeps on `descriptor`, together with whatever else
/// may wake it; there is always an answer, if only that time is up.
public final class PendingAnswer<Value: Sendable>: Sendable {
    private let result = NIOLockedValueBox<Result<Value, InspectorError>?>(nil)
    private let event: Event
    /// Readable from the moment of the answer on.
    public var descriptor: Int32 { event.descriptor }

    init() throws(InspectorError) {
        do throws(Errno) {
            event = try Event()
        } catch {
            throw .closed(reason: "no event descriptor: \(error)")
        }
    }

    /// nil until there is an answer.
    public var answer: Result<Value, InspectorError>? { result.withLockedValue { $0 } }

    func resolve(_ answer: Result<Value, InspectorError>) {
        result.withLockedValue { $0 = answer }
        event.signal()
    }
}
