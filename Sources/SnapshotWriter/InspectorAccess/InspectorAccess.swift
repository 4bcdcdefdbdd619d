import Inspector
import Linux
import NodeProcess

/// A session with the target's inspector, and the duty to close the inspector if this run opened it.
final class InspectorAccess {
    let session: any InspectorChannel
    /// Node's; nil where it is Deno.
    let version: NodeVersion?
    let runtimeVersion: NodeVersion?
    private let target: any LiveProcess
    private let clock: any RunClock
    private let socket: ListeningSocket
    /// nil where the inspector was open before.
    private let opening: Opening?

    /// Set where this run opened the inspector.
    struct Opening {
        let guardian: any Guardian
        let signalled: ContinuousClock.Instant
        /// Where the process was told to open it; nil where the kernel chooses.
        let port: UInt16?
        /// Keeps other heapdumps from having other processes open theirs on the same port.
        let portLock: AnyObject?
        /// The sockets that the process listened on before.
        let present: Set<ListeningSocket>
        let before: BeforeSignal
    }

    enum Released {
        /// It was open before.
        case leftOpen
        case closed(after: Duration, Watched)
        /// The guardian goes on.
        case stillOpen(StillOpen)
    }

    /// An inspector that this run opened and could not close.
    struct StillOpen {
        let socket: ListeningSocket
        let target: any LiveProcess
        /// Why, as a clause.
        let reason: String

        /// Whether it is open at this moment.
        var isOpen: Bool {
            guard target.isAlive, let sockets = try? target.listeningSockets() else { return false }
            return sockets.contains { $0.inode == socket.inode }
        }
    }

    /// An inspector that is closed, and may open once more in a process that is busy, see `SecondOpening`.
    struct Watched {
        let guardian: any Guardian
        let target: any LiveProcess
        let present: Set<ListeningSocket>
        /// nil where the kernel chooses.
        let port: UInt16?
        private var second: SecondOpening
        private let clock: any RunClock

        init(_ opening: Opening, _ target: any LiveProcess, _ clock: any RunClock) {
            guardian = opening.guardian
            self.target = target
            present = opening.present
            port = opening.port
            second = opening.before.secondOpening()
            self.clock = clock
        }

        /// Dismisses the guardian as soon as the event loop is idle.
        /// - Parameter patience: for that.
        /// - Returns: whether it was; if not, the guardian still watches.
        mutating func end(within patience: Duration) -> Bool {
            let end = clock.now + patience
            while target.isAlive, !loopHasTurned() {
                if clock.now >= end { return false }
                target.ends(within: .milliseconds(2), by: clock)
            }
            guardian.dismiss()
            return true
        }

        /// Whether the event loop has turned, or is idle after whatever was in it: what the signal has it do is done then.
        private mutating func loopHasTurned() -> Bool {
            let isOver = try? second.isOver { [target] in try .init(of: target) }
            guard isOver == true, let sockets = try? target.listeningSockets() else { return false }
            // Whose a new one is that has just begun cannot be seen: the guardian asks it.
            return !sockets.contains { !present.contains($0) && $0.mayBeInspector(on: port) }
        }
    }

    init(
        session: any InspectorChannel, found: FoundInspector, target: any LiveProcess, opening: Opening?,
        clock: any RunClock
    ) {
        self.session = session
        self.runtimeVersion = NodeVersion(found.version.runtimeVersion)
        self.version = found.version.runtime == .node ? runtimeVersion : nil
        self.target = target
        self.socket = found.socket
        self.opening = opening
        self.clock = clock
    }

    /// Who else has connected to the inspector since this run opened it. To be asked once it is closed.
    func strangers() -> [Stranger] { opening?.before.strangers() ?? [] }

    /// Ends the session; closes the inspector if this run opened it.
    /// - Parameter patience: how long to wait for a target that is busy. The guardian goes on after that.
    func release(patience: Duration) -> Released {
        guard let opening else {
            session.close()
            return .leftOpen
        }
        // The session stays until then: one that ends right before it has crashed Node 18 to 24, in 1 of 10 to 100 tries.
        let closing = InspectorClosing(
            session: session, inode: socket.inode, target: target, port: opening.port, clock: clock)
        switch closing.run(within: patience) {
        case .closed:
            let openFor = opening.signalled.duration(to: clock.now)
            awaitEndOfSession()
            session.close()
            opening.guardian.announceClosed()
            return .closed(after: openFor, Watched(opening, target, clock))
        case .pending:
            return leaveToGuardian("the process has had no time to close it yet")
        case .failed:
            return leaveToGuardian("the application has replaced all that JavaScript closes it by")
        }
    }

    private func leaveToGuardian(_ reason: String) -> Released {
        // The guardian holds it too.
        session.abandon()
        opening?.guardian.takeOver()
        return .stillOpen(StillOpen(socket: socket, target: target, reason: reason))
    }

    /// The target ends the session itself, right after its listening socket: whoever ends it at the same moment races with that.
    private func awaitEndOfSession() {
        let end = clock.now + .milliseconds(500)
        while target.isAlive, clock.now < end {
            do { while try session.next() != nil {} } catch { return }
            clock.wait(for: session.descriptor, atMost: .milliseconds(20))
        }
    }
}
