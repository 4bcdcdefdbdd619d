import NodeProcess

/// The dump by a signal on which the target writes a snapshot by itself: sends it, watches the file arrive, checks it, and
/// moves it to the output.
struct SignalMethod: DumpMethod {
    /// The plan's: `run` decides again.
    let grant: MethodGrant
    let input: MethodInput

    func run() throws -> PublishedSnapshot {
        let lock = try input.acquireLock(for: .signal)
        defer { withExtendedLifetime(lock) {} }
        // Not the plan's: others may have dumped meanwhile, and filled the disk.
        var facts = try TargetFacts.read(input.target, for: input.request, input.context.waiter)
        facts.outputRoom = input.delivery.output.room
        let signal: DumpSignal
        do throws(Refusal) {
            guard let chosen = try Self.decide(input.request, facts).signal else { throw Self.whyNone(facts) }
            signal = chosen
        } catch {
            throw DumpFailure.refused(Self.name, error)
        }
        return try SignalDump(
            signal: signal, pauseSeconds: facts.estimate.pauseSeconds, keepsPartial: input.request.keepsPartial,
            target: input.process, author: SnapshotAuthor(input.target), delivery: input.delivery,
            patience: input.patience, context: input.context
        ).run()
    }
}
