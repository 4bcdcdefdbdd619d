import Inspector
import NodeProcess

/// The dump through V8's inspector, from opening it to the published file.
struct InspectorMethod: DumpMethod {
    private let dump: Dump
    private let memory: MemoryPlan

    init(_ grant: MethodGrant, _ dump: Dump) {
        self.dump = dump
        memory = grant.memory
    }

    func run() throws -> DumpOutcome {
        let lock = try dump.acquireLock(for: .inspector)
        defer { withExtendedLifetime(lock) {} }
        dump.journal.note(.memory(MemoryReport(memory)))
        let sink = dump.makeSink()
        try dump.withInspector { access in
            do {
                try capture(from: access, into: sink)
            } catch {
                throw dump.keepingPartial(error)
            }
            dump.enter(.checking)
        }
        let verdict = sink.finish()
        sink.notes.forEach(dump.journal.warn)
        return try dump.publish(verdict)
    }

    private func capture(from access: InspectorAccess, into sink: SnapshotSink) throws {
        try HeapUsage.check(memory, access.session, worker: nil, dump)
        let capture = InspectorCapture(
            session: access.session, version: access.version, dump: dump, sink: sink)
        try capture.run()
    }
}
