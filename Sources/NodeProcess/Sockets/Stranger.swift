import Linux

/// Somebody who connected to a port that is watched.
public struct Stranger: Sendable, Hashable, Encodable {
    /// The user who made the connection; nil where it had ended before that could be seen.
    public var uid: UInt32?
    public var pid: Int32?
    public var command: String?

    public init(uid: UInt32? = nil, pid: Int32? = nil, command: String? = nil) {
        self.uid = uid
        self.pid = pid
        self.command = command
    }
}

extension Stranger: CustomStringConvertible {
    public var description: String {
        guard let uid else { return "a connection that has ended, or came from another host or container" }
        let user = userName(uid).map { "\(TerminalText.escaped($0)) (uid \(uid))" } ?? "uid \(uid)"
        guard let pid, let command else { return "user \(user)" }
        return "user \(user), process \(pid) (\(command))"
    }
}
