import Glibc
import Inspector
import NodeProcess

/// A session with the target's inspector, and the duty to close the inspector if this run opened it.
final class InspectorAccess {
    let session: InspectorSession
    let version: NodeVersion?
    private let target: ProcessHandle
    private let socket: ListeningSocket
    /// nil where the inspector was open before.
    private let opening: Opening?

    /// Set where this run opened the inspector.
    struct Opening {
        let guardian: InspectorGuardian
        let signalled: ContinuousClock.Instant
        /// Where the process was told to open it; nil where the kernel chooses.
        let port: UInt16?
    }

    enum Released {
        case leftOpen
        case closed(after: Duration)
        /// The target has not come to it yet; the guardian waits for it.
        case closesLater
    }

    init(session: InspectorSession, found: FoundInspector, target: ProcessHandle, opening: Opening?) {
        self.session = session
        self.version = NodeVersion(String(found.version.browser.dropFirst("node.js/".count)))
        self.target = target
        self.socket = found.socket
        self.opening = opening
    }

    /// Ends the session; closes the inspector if this run opened it.
    /// - Parameter patience: how long to wait for a target that is busy. The guardian goes on after that.
    func release(patience: Duration) -> Released {
        guard let opening else {
            session.close()
            return .leftOpen
        }
        // Queued behind whatever V8 is doing, and carried out even when the connection is gone by then.
        _ = try? session.evaluate(InspectorAccess.closeExpression(port: opening.port))
        // The session stays until then: one that ends right before it has crashed Node 18 to 24, in 1 of 10 to 100 tries.
        guard waitUntilClosed(patience) else {
            // The guardian holds it too.
            session.abandon()
            opening.guardian.takeOver()
            return .closesLater
        }
        let openFor = opening.signalled.duration(to: .now)
        awaitEndOfSession()
        session.close()
        opening.guardian.dismiss()
        return .closed(after: openFor)
    }

    /// The target ends the session itself, right after its listening socket: whoever ends it at the same moment races with that.
    private func awaitEndOfSession() {
        let end = ContinuousClock.now + .milliseconds(500)
        while target.isAlive, ContinuousClock.now < end {
            do { while try session.next() != nil {} } catch { return }
            var descriptors = [pollfd(fd: session.descriptor, events: Int16(POLLIN), revents: 0)]
            _ = poll(&descriptors, 1, 20)
        }
    }

    /// Closes the inspector, and leaves the process as it was.
    ///
    /// With --inspect-port=0 Node keeps the port that the kernel chose, and asks for the same one the next time: by then it may
    /// be another program's.
    static func closeExpression(port: UInt16?) -> String {
        let close = "\(BuiltInModule.getter)('inspector').close()"
        return port == nil ? "try { process.debugPort = 0 } catch {} \(close)" : close
    }

    private func waitUntilClosed(_ patience: Duration) -> Bool {
        let end = ContinuousClock.now + patience
        while target.isAlive {
            // They cannot be read of a process that is just ending.
            let sockets = try? ListeningSockets.owned(by: target)
            if let sockets, !sockets.contains(where: { $0.inode == socket.inode }) { return true }
            let left = ContinuousClock.now.duration(to: end)
            if left <= .zero { return false }
            // The target's end shows at once, its listening socket's end does not: hence the short steps.
            target.ends(within: min(left, .milliseconds(2)))
        }
        return true
    }
}
