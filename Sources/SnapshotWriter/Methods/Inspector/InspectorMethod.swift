import Inspector
import NodeProcess

/// The dump through V8's inspector, from opening it to the published file.
struct InspectorMethod: DumpMethod {
    let grant: MethodGrant
    let dump: Dump

    func run() throws -> DumpOutcome {
        let lock = try dump.acquireLock(for: .inspector)
        defer { withExtendedLifetime(lock) {} }
        dump.journal.note(.memory(MemoryReport(grant.memory)))
        let sink = dump.makeSink()
        do {
            try dump.withInspector { access in
                try capture(from: access, into: sink)
                dump.enter(.checking)
            }
        } catch {
            // Only now: a slow disk is no reason to leave the port open.
            throw dump.keepingPartial(error)
        }
        let verdict = sink.finish()
        sink.notes.forEach(dump.journal.warn)
        return try dump.publish(verdict)
    }

    private func capture(from access: InspectorAccess, into sink: SnapshotSink) throws {
        try HeapUsage.check(grant.memory, access.session, worker: nil, dump)
        let capture = InspectorCapture(
            session: access.session, version: access.version, dump: dump, sink: sink)
        try capture.run()
    }
}
