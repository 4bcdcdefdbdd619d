import CLinux
import Glibc
import Linux
import Synchronization

/// Watches who connects to a port of a process, beside ourselves: a thread asks the kernel for the connections again and again, and is
/// told of those that end.
public final class PortWatch: Sendable {
    private let own: OwnConnections
    /// nil where the kernel does not tell of ends.
    private let ends: Descriptor?
    /// Connections that were there before it opened, such as those of an earlier dump to the same port: they show for a minute. On all
    /// ports, for where the inspector opens can only be guessed: the application may choose, and a title hides the options.
    private let former: Set<Pair>
    private let state = Mutex(State())

    /// The ends of a connection, as the process has them.
    private struct Pair: Hashable {
        let local: Endpoint
        let remote: Endpoint
    }

    private struct State {
        var port: UInt16?
        var isOver = false
        /// What has ended, on any port as long as none is known.
        var ended: Set<Pair> = []
        /// By where they come from.
        var peers: [Endpoint: Stranger] = [:]
    }

    /// More than this are not told apart.
    private static let mostPeers = 1000
    /// Who is refused at a port as fast as he can ends some 20,000 connections in a second.
    private static let mostEnded = 500_000
    private static let queueBytes: Int32 = 16 << 20
    private static let busyInterval = Duration.milliseconds(5)
    private static let calmInterval = Duration.milliseconds(50)

    /// To be made before the port opens.
    public init(of handle: ProcessHandle, own: OwnConnections) {
        self.own = own
        var former: Set<Pair> = []
        if let table = try? TargetNetwork.diagnosis(of: handle) {
            // From both ends: which of them is kept depends on who closed it.
            TCPConnection.read(table) {
                former.insert(Pair(local: $0.local, remote: $0.remote))
                former.insert(Pair(local: $0.remote, remote: $0.local))
            }
        }
        self.former = former
        ends = Self.watchEnds(of: handle)
        try? Thread.detach { [weak self] in
            guard let table = try? TargetNetwork.diagnosis(of: handle) else { return }
            var turn = Turn()
            while let self, handle.isAlive, self.go(&turn, table) {}
        }
    }

    private var rawEnds: Int32? {
        switch ends {
        case .some(let ends): ends.raw
        case .none: nil
        }
    }

    private static func watchEnds(of handle: ProcessHandle) -> Descriptor? {
        guard let ends = try? TargetNetwork.diagnosis(of: handle), clinux_watch_tcp_ends(ends.raw) == 0 else {
            return nil
        }
        // As root; who is not gets what the system allows.
        var bytes = queueBytes
        let length = socklen_t(MemoryLayout<Int32>.size)
        if setsockopt(ends.raw, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, length) != 0 {
            setsockopt(ends.raw, SOL_SOCKET, SO_RCVBUF, &bytes, length)
        }
        return ends
    }

    /// - Parameter port: that the process has opened.
    public func begin(port: UInt16) {
        state.withLock { state in
            state.port = port
            state.ended = state.ended.filter { $0.local.port == port }
        }
        if let ends = rawEnds { clinux_watch_tcp_ends_at(ends, port) }
    }

    /// Looks a last time.
    /// - Returns: who has connected, as far as the kernel tells: a connection that a reset ended may be missing where it cannot tell
    ///   of ends.
    public func end(of handle: ProcessHandle) -> [Stranger] {
        let port = state.withLock { state in
            state.isOver = true
            return state.port
        }
        guard let port else { return [] }
        takeEnds()
        if let table = try? TargetNetwork.diagnosis(of: handle) { look(at: port, table) }
        // Each once, however often it has connected.
        let strangers = state.withLock { state in Set(state.peers.filter { !own.contains($0.key) }.values) }
        return strangers.sorted { ($0.uid ?? .max, $0.pid ?? .max) < ($1.uid ?? .max, $1.pid ?? .max) }
    }

    /// When the thread looks.
    private struct Turn {
        var opened: ContinuousClock.Instant?
        var next = ContinuousClock.now
    }

    /// - Returns: whether to go on.
    private func go(_ turn: inout Turn, _ table: borrowing Descriptor) -> Bool {
        let (port, isOver) = state.withLock { ($0.port, $0.isOver) }
        if isOver { return false }
        takeEnds()
        if let port, .now >= turn.next {
            let opened = turn.opened ?? .now
            turn.opened = opened
            look(at: port, table)
            let isFresh = opened.duration(to: .now) < .milliseconds(200)
            turn.next = .now + (isFresh ? Self.busyInterval : Self.calmInterval)
        }
        let pause = port == nil ? Self.busyInterval : max(.milliseconds(1), ContinuousClock.now.duration(to: turn.next))
        // A negative one is never ready.
        Poll.wait(for: rawEnds ?? -1, atMost: pause)
        return true
    }

    /// Of the process's own ends alone: those of others may have been refused before the port was open.
    private func takeEnds() {
        guard let ends = rawEnds else { return }
        TCPConnection.takeEnds(ends) { connection in
            state.withLock { state in
                guard state.port ?? connection.local.port == connection.local.port,
                    state.ended.count < Self.mostEnded
                else { return }
                state.ended.insert(Pair(local: connection.local, remote: connection.remote))
            }
        }
    }

    private func look(at port: UInt16, _ table: borrowing Descriptor) {
        var pairs = Set(state.withLock { $0.ended.lazy.filter { $0.local.port == port } })
        TCPConnection.read(table, localPort: port) { pairs.insert(Pair(local: $0.local, remote: $0.remote)) }
        pairs = pairs.filter { pair in
            pair.remote.port != 0 && !own.contains(pair.remote) && !former.contains(pair)
                && state.withLock { $0.peers[pair.remote]?.uid == nil && $0.peers.count < Self.mostPeers }
        }
        if pairs.isEmpty { return }
        var clients: [Endpoint: TCPConnection] = [:]
        // Its other end, where that is in the same namespace. One in TIME_WAIT is nobody's any more, and says root's.
        TCPConnection.read(table, remotePort: port) { if $0.inode != 0 { clients[$0.local] = $0 } }
        for peer in Set(pairs.map(\.remote)) { note(clients[peer], from: peer) }
    }

    private func note(_ client: TCPConnection?, from peer: Endpoint) {
        var stranger = Stranger(uid: client?.uid)
        if let client, let owner = SocketOwner.describe(inode: client.inode) {
            stranger.pid = owner.pid
            stranger.command = owner.command
        }
        // What a look has shown stays, where the next one shows less.
        state.withLock { state in
            if stranger.uid != nil || state.peers[peer] == nil { state.peers[peer] = stranger }
        }
    }
}
