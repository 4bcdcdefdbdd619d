import CLinux
import Glibc
public import Linux
import SystemPackage

/// Connections to listening sockets of a process, made all at once: one whose queue is full keeps nobody from the others.
public enum Connecting {
    /// For all together. A socket that takes connections does so at once.
    private static let patience = Duration.seconds(1)

    /// - Parameters:
    ///   - own: takes note of each.
    ///   - sleep: passes time until the descriptor is readable. What it throws ends the attempt.
    /// - Returns: for each socket, in order, a connection, or why there is none.
    public static func connect(
        to sockets: [ListeningSocket], of handle: ProcessHandle, own: OwnConnections, sleep: BoundedLook.Wait
    ) throws -> [Result<Connection, ProcessError>] {
        var attempts = sockets.map { Attempt($0, handle, own) }
        let end = ContinuousClock.now + patience
        while true {
            for index in attempts.indices { attempts[index].look() }
            let pending = attempts.compactMap(\.pending)
            let left = ContinuousClock.now.duration(to: end)
            if pending.isEmpty || left <= .zero { break }
            let watch = try watch(pending)
            try sleep(watch.raw, left)
        }
        return attempts.indices.map { attempts[$0].finish() }
    }

    /// Anew for each sleep: it stays readable for the sockets that it has told of.
    private static func watch(_ connections: [Int32]) throws(ProcessError) -> Descriptor {
        do throws(Errno) {
            return Descriptor(owning: try systemCall { clinux_watch_connecting(connections, connections.count) })
        } catch {
            throw .failed(what: "watch connections", errno: error.rawValue)
        }
    }

    /// The same to one socket.
    /// - Throws: `ProcessError` if nothing answers there; what `sleep` throws.
    public static func connect(
        to socket: ListeningSocket, of handle: ProcessHandle, own: OwnConnections, sleep: BoundedLook.Wait
    ) throws -> Descriptor {
        let connection = try connect(to: [socket], of: handle, own: own, sleep: sleep)[0].get()
        guard let descriptor = connection.take() else {
            throw ProcessError.notConnected(address: socket.address, port: socket.port, errno: EBADF)
        }
        return descriptor
    }

    private struct Attempt {
        enum State {
            case underWay(Connection)
            case ended(Result<Connection, ProcessError>)
        }

        private let socket: ListeningSocket
        private var state: State

        init(_ socket: ListeningSocket, _ handle: ProcessHandle, _ own: OwnConnections) {
            self.socket = socket
            do throws(ProcessError) {
                let connection = Connection(
                    try TargetNetwork.beginConnecting(to: socket.port, host: socket.connectAddress, in: handle))
                // It has its port from the beginning, and the process may see it before it is connected.
                own.add(connection.raw)
                state = .underWay(connection)
            } catch {
                state = .ended(.failure(error))
            }
        }

        var pending: Int32? {
            if case .underWay(let connection) = state { return connection.raw }
            return nil
        }

        mutating func look() {
            guard case .underWay(let connection) = state, Poll.isReady(connection.raw, .toWrite) else { return }
            var code: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            if getsockopt(connection.raw, SOL_SOCKET, SO_ERROR, &code, &length) != 0 { code = errno }
            if code == 0 { state = .ended(.success(connection)) } else { fail(code) }
        }

        mutating func finish() -> Result<Connection, ProcessError> {
            if pending != nil { fail(ETIMEDOUT) }
            guard case .ended(let result) = state else {
                return .failure(.notConnected(address: socket.address, port: socket.port, errno: ETIMEDOUT))
            }
            return result
        }

        private mutating func fail(_ code: Int32) {
            let address = socket.connectAddress.description
            state = .ended(.failure(.notConnected(address: address, port: socket.port, errno: code)))
        }
    }
}

/// A connection that nobody has taken yet: closed with this object, unless somebody takes it.
public final class Connection {
    private var socket: Descriptor?
    /// Its number, which stays the same when it is taken.
    let raw: Int32

    init(_ socket: consuming Descriptor) {
        raw = socket.raw
        self.socket = consume socket
    }

    /// - Returns: nil if it has been taken before.
    public func take() -> Descriptor? { socket.take() }
}
