/// Why a conversation with the inspector could not be held.
public enum InspectorError: Error, Sendable, Equatable {
    /// Nothing came back in the time allowed.
    case noAnswer(milliseconds: Int)
    /// The other side answered, but not as a V8 inspector does.
    case notAnInspector(reason: String)
    /// The inspector refused the WebSocket upgrade.
    case upgradeRefused(reason: String)
    /// The connection ended.
    case closed(reason: String)

    /// One sentence in lower case, without a full stop, safe for a terminal.
    public var message: String {
        switch self {
        case .noAnswer(let milliseconds): "no answer within \(milliseconds) ms"
        case .notAnInspector(let reason): "not a V8 inspector: \(reason)"
        case .upgradeRefused(let reason): "the WebSocket upgrade was refused: \(reason)"
        case .closed(let reason): "the connection was closed: \(reason)"
        }
    }
}
