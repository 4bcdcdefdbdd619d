import Glibc
import Inspector
import Linux
import NodeProcess

/// An inspector behind a listening socket that the target itself holds.
struct FoundInspector {
    let socket: ListeningSocket
    let version: InspectorVersion
}

/// Tells the target's inspector from its other listening sockets. Sockets of other processes are never asked.
struct InspectorFinder {
    let target: ProcessHandle
    let runtime: Runtime
    let loop: InspectorEventLoop
    /// Takes note of the connections that are made.
    let own: OwnConnections
    /// Sleeps until the descriptor is readable or the time has passed; throws where the search is to end.
    let sleep: BoundedLook.Wait

    /// A process with more listening sockets than this is asked on the likeliest ones only.
    private static let mostSockets = 32
    /// In milliseconds.
    private static let patienceForVersion = 1000
    private static let patienceForSession = 5000

    /// - Parameters:
    ///   - sockets: the target's own.
    ///   - likelyPort: asked first, and alone where it answers.
    func find(among sockets: [ListeningSocket], likelyPort: UInt16?) throws -> FoundInspector? {
        let likely = sockets.filter { $0.port == likelyPort }
        if let found = try ask(likely) { return found }
        let others = sockets.filter { $0.port != likelyPort }
        if others.isEmpty { return nil }
        let possible = try BoundedLook.run(at: target.pid, wait: sleep) { [target] in
            try ListeningSockets.possibleInspectors(among: others, of: target)
        }
        return try ask(possible)
    }

    private func ask(_ sockets: [ListeningSocket]) throws -> FoundInspector? {
        let sockets = Array(sockets.prefix(Self.mostSockets))
        let connections = try Connecting.connect(to: sockets, of: target, own: own, sleep: sleep)
        // All at once: a blocked application answers on none of its ports.
        let questions = zip(sockets, connections).compactMap {
            socket, connection -> (ListeningSocket, PendingAnswer<InspectorVersion>)? in
            guard let descriptor = connection.success?.take(),
                let question = try? InspectorHTTP.version(
                    descriptor: descriptor, host: socket.hostHeader, timeoutMilliseconds: Self.patienceForVersion,
                    on: loop)
            else { return nil }
            return (socket, question)
        }
        for (socket, question) in questions {
            if let version = try answer(of: question).success, version.runtime == InspectorVersion.Runtime(runtime) {
                return FoundInspector(socket: socket, version: version)
            }
        }
        return nil
    }

    private func answer<Value>(of pending: PendingAnswer<Value>) throws -> Result<Value, InspectorError> {
        while true {
            if let answer = pending.answer { return answer }
            try sleep(pending.descriptor, .seconds(3600))
        }
    }

    private func connect(to socket: ListeningSocket) throws -> Descriptor {
        try Connecting.connect(to: socket, of: target, own: own, sleep: sleep)
    }

    /// Opens a session and proves, by the inode of the connection's other end, that it is the target who holds it. Only
    /// then may a command be sent.
    /// - Parameter connected: is shown the connection before it becomes a session.
    func openSession(with inspector: FoundInspector, connected: (Int32) -> Void) throws -> any InspectorChannel {
        let socket = inspector.socket
        let list = try InspectorHTTP.webSocketPath(
            descriptor: try connect(to: socket), host: socket.hostHeader, timeoutMilliseconds: Self.patienceForSession,
            on: loop)
        let path = try answer(of: list).get()
        let descriptor = try connect(to: socket)
        connected(descriptor.raw)
        // The session owns the descriptor and may have closed it: the proof looks at the same connection through another.
        let connection = try? Descriptor(duplicating: descriptor.raw)
        let opening = try InspectorSession.open(
            descriptor: descriptor, host: socket.hostHeader, path: path, timeoutMilliseconds: Self.patienceForSession,
            on: loop)
        let session = try answer(of: opening).get()
        // The upgrade was answered, so the connection has been accepted and its inode can be seen.
        guard let connection, (try? ConnectionProof.isServerSide(of: target, client: connection.raw)) == true else {
            session.close()
            throw InspectorError.notAnInspector(reason: "the connection cannot be proven to end in the process")
        }
        return session
    }
}

extension InspectorVersion.Runtime {
    fileprivate init(_ runtime: Runtime) {
        switch runtime {
        case .node: self = .node
        case .deno: self = .deno
        }
    }
}

extension Result {
    fileprivate var success: Success? { try? get() }
}

extension ListeningSocket {
    /// Node answers only to a Host that is an IP address or localhost.
    var hostHeader: String { isIPv6 ? "[\(connectAddress)]:\(port)" : "\(connectAddress):\(port)" }
}
