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
    /// - Returns: for each socket, in order, a connection that the caller closes, or why there is none.
    public static func connect(
        to sockets: [ListeningSocket], of handle: ProcessHandle, own: OwnConnections, sleep: BoundedLook.Wait
    ) throws -> [Result<Int32, ProcessError>] {
        var attempts: [Attempt] = []
        var isDone = false
        defer { if !isDone { for attempt in attempts { attempt.close() } } }
        for socket in sockets { attempts.append(Attempt(socket, handle, own)) }
        let end = ContinuousClock.now + patience
        while true {
            for index in attempts.indices { attempts[index].look() }
            let pending = attempts.compactMap(\.pending)
            let left = ContinuousClock.now.duration(to: end)
            if pending.isEmpty || left <= .zero { break }
            let watch = try watch(pending)
            try sleep(watch.raw, left)
        }
        isDone = true
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

    private struct Attempt {
        enum State {
            case underWay(Int32)
            case ended(Result<Int32, ProcessError>)
        }

        private let socket: ListeningSocket
        private var state: State

        init(_ socket: ListeningSocket, _ handle: ProcessHandle, _ own: OwnConnections) {
            self.socket = socket
            do throws(ProcessError) {
                let connection = try TargetNetwork.beginConnecting(
                    to: socket.port, host: socket.connectAddress, in: handle)
                // It has its port from the beginning, and the process may see it before it is connected.
                own.add(connection)
                state = .underWay(connection)
            } catch {
                state = .ended(.failure(error))
            }
        }

        var pending: Int32? {
            if case .underWay(let connection) = state { return connection }
            return nil
        }

        func close() {
            switch state {
            case .underWay(let connection), .ended(.success(let connection)): Glibc.close(connection)
            case .ended(.failure): break
            }
        }

        mutating func look() {
            guard let connection = pending, Poll.isReady(connection, .toWrite) else { return }
            var code: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            if getsockopt(connection, SOL_SOCKET, SO_ERROR, &code, &length) != 0 { code = errno }
            if code == 0 { state = .ended(.success(connection)) } else { fail(connection, code) }
        }

        mutating func finish() -> Result<Int32, ProcessError> {
            if let connection = pending { fail(connection, ETIMEDOUT) }
            guard case .ended(let result) = state else {
                return .failure(.notConnected(address: socket.address, port: socket.port, errno: ETIMEDOUT))
            }
            return result
        }

        private mutating func fail(_ connection: Int32, _ code: Int32) {
            Glibc.close(connection)
            let address = socket.connectAddress.description
            state = .ended(.failure(.notConnected(address: address, port: socket.port, errno: code)))
        }
    }
}
