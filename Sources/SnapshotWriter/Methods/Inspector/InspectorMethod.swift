import Inspector
import NodeProcess

/// The dump through V8's inspector, from opening it to the published file.
struct InspectorMethod: DumpMethod {
    let grant: MethodGrant
    let input: MethodInput

    private var context: RunContext { input.context }

    func run() throws -> PublishedSnapshot {
        let lock = try input.acquireLock(for: .inspector)
        defer { withExtendedLifetime(lock) {} }
        context.note(.memory(MemoryReport(grant.memory)))
        let sink = input.delivery.makeSink()
        do {
            try input.inspector.run { dialogue, version in
                try usage.check(dialogue, worker: nil)
                try InspectorCapture(
                    dialogue: dialogue, version: version, maxPause: input.request.maxPause,
                    reportsProgress: input.request.reportsProgress, makeDirect: { direct(dialogue) }, sink: sink
                ).run()
                context.enter(.checking)
            }
        } catch {
            // Only now: a slow disk is no reason to leave the port open.
            throw input.delivery.keepingPartial(error)
        }
        let verdict = sink.finish()
        sink.notes.forEach(context.warn)
        return try input.delivery.publish(verdict)
    }

    private var usage: HeapUsage {
        HeapUsage(
            plan: grant.memory, request: input.request, target: input.target, output: input.delivery.output,
            context: context)
    }

    /// nil where messages carry the snapshot: a pipe that is not emptied holds the target up, and messages pile up beside it.
    /// The script that writes into it is for Node.
    private func direct(_ dialogue: InspectorDialogue) -> DirectWrite? {
        guard !input.delivery.output.isRemote, input.target.executable.runtime == .node else { return nil }
        return DirectWrite(channel: dialogue.channel, target: input.target, by: context.clock)
    }
}
