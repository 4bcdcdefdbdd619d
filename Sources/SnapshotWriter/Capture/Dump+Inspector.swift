import Inspector
import NodeProcess

/// Opening and closing the inspector, as the methods need it that work through it.
extension Dump {
    func openInspector() throws -> InspectorAccess {
        enter(.openingInspector)
        let opener = InspectorOpener(
            target: target, waiter: waiter, loop: environment.loop, guardianCommand: environment.guardianCommand,
            observe: journal.observe)
        let access = try opener.open()
        if let version = access.version { journal.report.target.nodeVersion = version.description }
        return access
    }

    func release(_ access: InspectorAccess, patience: Duration) {
        switch access.release(patience: patience) {
        case .leftOpen: break
        case .closed(let after):
            journal.report.debugPortOpenMilliseconds = after.inMilliseconds
        case .closesLater:
            journal.warn(
                "the debug port is still open: a guardian process closes it as soon as the process has time for it")
        }
    }

    /// The oldest message that has not been taken, nil if there is none now.
    func next(of session: InspectorSession) throws(DumpFailure) -> InspectorMessage? {
        do {
            return try session.next()
        } catch {
            // A lost connection is often the first sign of the target's end.
            if target.handle.ends(within: .seconds(1)) { throw .targetDied(waiter.phase, bytes: waiter.bytes) }
            try checkProgram()
            throw .inspectorLost(waiter.phase, error)
        }
    }
}
