import Inspector
import NodeProcess

/// The dump through V8's inspector, from opening it to the published file.
struct InspectorMethod {
    let dump: Dump

    func run() throws {
        let lock = try dump.acquireLock(for: .inspector)
        defer { withExtendedLifetime(lock) {} }
        dump.enter(.openingInspector)
        let opener = InspectorOpener(
            target: dump.target, waiter: dump.waiter, loop: dump.environment.loop,
            guardianCommand: dump.environment.guardianCommand, observe: dump.journal.observe)
        let access = try opener.open()
        if let version = access.version { dump.journal.report.target.nodeVersion = version.description }
        let sink = SnapshotSink(output: dump.output)
        do {
            try capture(from: access, into: sink)
        } catch {
            release(access, patience: .seconds(1))
            throw dump.keepingPartial(error)
        }
        dump.enter(.checking)
        // Before anything else: every moment that the port is open counts.
        release(access, patience: .seconds(5))
        let verdict = sink.finish()
        sink.notes.forEach(dump.journal.warn)
        try dump.publish(verdict)
    }

    private func capture(from access: InspectorAccess, into sink: SnapshotSink) throws {
        let capture = InspectorCapture(
            session: access.session, version: access.version, dump: dump, sink: sink)
        defer { dump.journal.report.bytes = dump.waiter.bytes }
        try capture.run()
    }

    private func release(_ access: InspectorAccess, patience: Duration) {
        switch access.release(patience: patience) {
        case .leftOpen: break
        case .closed(let after):
            dump.journal.report.debugPortOpenMilliseconds = after.inMilliseconds
        case .closesLater:
            dump.journal.warn(
                "the debug port is still open: a guardian process closes it as soon as the process has time for it")
        }
    }
}
