import Glibc
import Inspector
import NodeProcess

/// An inspector behind a listening socket that the target itself holds.
struct FoundInspector {
    let socket: ListeningSocket
    let version: InspectorVersion
}

/// Tells the target's inspector from its other listening sockets. Sockets of other processes are never asked.
struct InspectorFinder {
    let target: ProcessHandle
    let loop: InspectorEventLoop

    /// A process with more listening sockets than this is asked on the likeliest ones only.
    private static let mostSockets = 64

    /// - Parameters:
    ///   - sockets: the target's own.
    ///   - likelyPort: asked first, and alone where it answers: an application's port is better left in peace.
    func find(
        among sockets: [ListeningSocket], likelyPort: UInt16?, timeoutMilliseconds: Int = 1000
    ) -> FoundInspector? {
        let likely = sockets.filter { $0.port == likelyPort }
        if let found = ask(likely, timeoutMilliseconds) { return found }
        return ask(Array(sockets.filter { $0.port != likelyPort }.prefix(Self.mostSockets)), timeoutMilliseconds)
    }

    private func ask(_ sockets: [ListeningSocket], _ timeoutMilliseconds: Int) -> FoundInspector? {
        // All at once: a blocked application answers on none of its ports.
        let questions = sockets.compactMap { socket -> (ListeningSocket, InspectorHTTP.Question)? in
            guard let descriptor = try? connect(to: socket) else { return nil }
            let question = InspectorHTTP.ask(
                "/json/version", descriptor: descriptor, host: socket.hostHeader,
                timeoutMilliseconds: timeoutMilliseconds, on: loop)
            return (socket, question)
        }
        var found: FoundInspector?
        for (socket, question) in questions {
            if let version = try? question.version(), found == nil {
                found = FoundInspector(socket: socket, version: version)
            }
        }
        return found
    }

    func connect(to socket: ListeningSocket) throws(ProcessError) -> Int32 {
        try TargetNetwork.connect(to: socket.port, host: socket.connectAddress, in: target)
    }

    /// Opens a session and proves, by the inode of the connection's other end, that it is the target who holds it. Only
    /// then may a command be sent.
    func openSession(with inspector: FoundInspector, timeoutMilliseconds: Int = 5000) throws -> InspectorSession {
        let socket = inspector.socket
        let list = InspectorHTTP.ask(
            "/json/list", descriptor: try connect(to: socket), host: socket.hostHeader,
            timeoutMilliseconds: timeoutMilliseconds, on: loop)
        let path = try list.webSocketPath()
        let descriptor = try connect(to: socket)
        // The session owns the descriptor and may have closed it: the proof looks at the same connection through another.
        let connection = dup(descriptor)
        defer { close(connection) }
        let session = try InspectorSession.open(
            descriptor: descriptor, host: socket.hostHeader, path: path, timeoutMilliseconds: timeoutMilliseconds,
            on: loop)
        // The upgrade was answered, so the connection has been accepted and its inode can be seen.
        guard try ConnectionProof.isServerSide(of: target, client: connection) else {
            session.close()
            throw InspectorError.notAnInspector(reason: "the connection ends in another process")
        }
        return session
    }
}

extension ListeningSocket {
    /// Node answers only to a Host that is an IP address or localhost.
    var hostHeader: String { isIPv6 ? "[\(connectAddress)]:\(port)" : "\(connectAddress):\(port)" }
}
