import CLinux
import Glibc
import Synchronization
import SystemPackage

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

/// The local ports of connections that are our own.
public final class OwnConnections: Sendable {
    private let ports = Mutex<Set<UInt16>>([])

    public init() {}

    /// - Parameter connection: a connected TCP socket.
    public func add(_ connection: Int32) {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer -> UInt16? in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard getsockname(connection, address, &length) == 0 else { return nil }
                // sin_port and sin6_port lie at the same place.
                return UnsafeRawPointer(address).loadUnaligned(fromByteOffset: 2, as: UInt16.self)
            }
        }
        if let port { ports.withLock { _ = $0.insert(UInt16(bigEndian: port)) } }
    }

    func contains(_ port: UInt16) -> Bool { ports.withLock { $0.contains(port) } }
}

/// Watches who connects to a port of a process, beside ourselves: a thread asks the kernel for the connections again and again, and is
/// told of those that end.
public final class PortWatch: Sendable {
    private let own: OwnConnections
    /// -1 where the kernel does not tell of ends.
    private let ends: Int32
    /// Connections to the same port that were over before it opened, such as those of an earlier dump: they show for a minute.
    private let former: Set<Pair>
    private let state = Mutex(State())

    /// The ports of a connection.
    private struct Pair: Hashable {
        let local: UInt16
        let remote: UInt16
    }

    private struct State {
        var port: UInt16?
        var isOver = false
        /// By the port that they come from.
        var peers: [UInt16: Stranger] = [:]
    }

    /// More than this are not told apart.
    private static let mostPeers = 1000
    private static let busyInterval = Duration.milliseconds(5)
    private static let calmInterval = Duration.milliseconds(50)

    /// To be made before the port opens: of connections that end before `begin` the kernel tells afterwards.
    /// - Parameter port: where it will open; nil where that is not known yet.
    public init(of handle: ProcessHandle, port: UInt16?, own: OwnConnections) {
        self.own = own
        former = Self.connections(of: handle, port: port)
        guard let descriptor = try? TargetNetwork.diagnosis(of: handle),
            clinux_watch_tcp_ends(descriptor.raw, port ?? 0) == 0
        else {
            ends = -1
            return
        }
        ends = descriptor.release()
    }

    /// All that have been connections; closed ones stay for a minute where they were closed in order. Not SYN_SENT, SYN_RECV, LISTEN.
    private static let states = UInt32(0xFFF) & ~(1 << 2 | 1 << 3 | 1 << 10)

    private static func connections(of handle: ProcessHandle, port: UInt16?) -> Set<Pair> {
        guard let table = try? TargetNetwork.diagnosis(of: handle) else { return [] }
        var pairs: Set<Pair> = []
        // From both ends: which of them is kept depends on who closed it.
        var questions: [(local: UInt16, remote: UInt16)] = [(0, 0)]
        if let port { questions = [(port, 0), (0, port)] }
        for family in [AF_INET, AF_INET6] {
            for (local, remote) in questions {
                var filter = clinux_tcp_filter(
                    family: UInt8(family), states: states, local_port: local, remote_port: remote)
                withUnsafeMutablePointer(to: &pairs) { pairs in
                    _ = clinux_tcp_sockets(table.raw, &filter, add, pairs)
                }
            }
        }
        return pairs
    }

    private static let add: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<inet_diag_msg>?) -> Void = {
        context, message in
        guard let id = message?.pointee.id, let pairs = context?.assumingMemoryBound(to: Set<Pair>.self) else { return }
        let (local, remote) = (UInt16(bigEndian: id.idiag_sport), UInt16(bigEndian: id.idiag_dport))
        pairs.pointee.insert(Pair(local: local, remote: remote))
        pairs.pointee.insert(Pair(local: remote, remote: local))
    }

    deinit { if ends >= 0 { close(ends) } }

    /// - Parameter port: that the process has opened.
    public func begin(port: UInt16, of handle: ProcessHandle) {
        state.withLock { $0.port = port }
        try? BackgroundThread.start { [weak self] in
            guard let table = try? TargetNetwork.diagnosis(of: handle) else { return }
            let start = ContinuousClock.now
            while let self, !self.state.withLock({ $0.isOver }), handle.isAlive {
                self.look(at: port, table.raw)
                let interval = start.duration(to: .now) < .milliseconds(200) ? Self.busyInterval : Self.calmInterval
                _ = try? poll(-1, for: 0, atMost: interval)
            }
        }
    }

    /// Looks a last time.
    /// - Returns: who has connected, as far as the kernel tells: a connection that a reset ended may be missing where it cannot tell
    ///   of ends.
    public func end(of handle: ProcessHandle) -> [Stranger] {
        guard
            let port = state.withLock({ state in
                state.isOver = true
                return state.port
            })
        else { return [] }
        if let table = try? TargetNetwork.diagnosis(of: handle) { look(at: port, table.raw) }
        // Each once, however often it has connected.
        let strangers = state.withLock { state in Set(state.peers.filter { !own.contains($0.key) }.values) }
        return strangers.sorted { ($0.uid ?? .max, $0.pid ?? .max) < ($1.uid ?? .max, $1.pid ?? .max) }
    }

    private func look(at port: UInt16, _ table: Int32) {
        var found = Found(port: port)
        for family in [AF_INET, AF_INET6] {
            var filter = clinux_tcp_filter(
                family: UInt8(family), states: Self.states, local_port: port, remote_port: 0)
            found.read(table, &filter)
        }
        if ends >= 0 { found.readEnds(ends) }
        let isNew = state.withLock { state in
            found.peers.keys.contains { peer in
                state.peers[peer]?.pid == nil && !own.contains(peer)
                    && !former.contains(Pair(local: port, remote: peer))
            }
        }
        if isNew {
            for family in [AF_INET, AF_INET6] {
                var filter = clinux_tcp_filter(
                    family: UInt8(family), states: Self.states, local_port: 0, remote_port: port)
                found.read(table, &filter)
            }
        }
        note(found)
    }

    private func note(_ found: Found) {
        for (peer, socket) in found.peers where !own.contains(peer) {
            let isKnown = state.withLock { $0.peers[peer]?.pid != nil || $0.peers.count >= Self.mostPeers }
            if isKnown || former.contains(Pair(local: found.port, remote: peer)) { continue }
            var stranger = Stranger(uid: socket.uid)
            if let owner = SocketOwner.describe(inode: socket.inode) {
                stranger.pid = owner.pid
                stranger.command = owner.command
            }
            state.withLock { state in
                if stranger.uid != nil || state.peers[peer] == nil { state.peers[peer] = stranger }
            }
        }
    }

    /// What one look shows: by the port that a connection comes from, its other end where that is in the same namespace.
    private struct Found {
        let port: UInt16
        var peers: [UInt16: Socket] = [:]

        struct Socket {
            /// nil where the other end is elsewhere, or gone.
            var uid: UInt32?
            var inode: UInt64 = 0
        }

        mutating func read(_ table: Int32, _ filter: inout clinux_tcp_filter) {
            withUnsafeMutablePointer(to: &self) { found in
                _ = clinux_tcp_sockets(table, &filter, Self.add, found)
            }
        }

        mutating func readEnds(_ ends: Int32) {
            withUnsafeMutablePointer(to: &self) { found in clinux_take_tcp_ends(ends, Self.addServed, found) }
        }

        /// Of the process's own ends alone: those of others may have been refused before the port was open.
        private static let addServed: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<inet_diag_msg>?) -> Void =
            {
                context, message in
                guard let message, let found = context?.assumingMemoryBound(to: Found.self),
                    UInt16(bigEndian: message.pointee.id.idiag_sport) == found.pointee.port
                else { return }
                Self.add(context, message)
            }

        private static let add: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<inet_diag_msg>?) -> Void = {
            context, message in
            guard let message = message?.pointee, let found = context?.assumingMemoryBound(to: Found.self) else {
                return
            }
            let local = UInt16(bigEndian: message.id.idiag_sport)
            let remote = UInt16(bigEndian: message.id.idiag_dport)
            let peer = local == found.pointee.port ? remote : local
            guard peer != 0, local == found.pointee.port || remote == found.pointee.port else { return }
            var socket = found.pointee.peers[peer] ?? Socket()
            // One in TIME_WAIT is nobody's any more, and says root's.
            if local == peer, message.idiag_inode != 0 {
                socket = Socket(uid: message.idiag_uid, inode: UInt64(message.idiag_inode))
            }
            found.pointee.peers[peer] = socket
        }
    }
}
