import Inspector
import NodeProcess

/// The dump through V8's inspector, from opening it to the published file.
struct InspectorMethod {
    let dump: Dump
    let memory: MemoryPlan

    func run() throws {
        let lock = try dump.acquireLock(for: .inspector)
        defer { withExtendedLifetime(lock) {} }
        dump.journal.report.memory = MemoryReport(memory)
        let access = try dump.openInspector()
        let sink = dump.makeSink()
        do {
            try capture(from: access, into: sink)
        } catch {
            dump.release(access, patience: .seconds(1))
            throw dump.keepingPartial(error)
        }
        dump.enter(.checking)
        // Before anything else: every moment that the port is open counts.
        dump.release(access, patience: .seconds(5))
        let verdict = sink.finish()
        sink.notes.forEach(dump.journal.warn)
        try dump.publish(verdict)
    }

    private func capture(from access: InspectorAccess, into sink: SnapshotSink) throws {
        try HeapUsage.check(memory, access.session, worker: nil, dump)
        let capture = InspectorCapture(
            session: access.session, version: access.version, dump: dump, sink: sink)
        defer { dump.journal.report.bytes = dump.waiter.bytes }
        try capture.run()
    }
}
