import NodeProcess

/// The dump by a forked copy of the target: the agent forks it at a calm moment, and JavaScript goes on.
///
/// The inspector is needed for the fork alone, and closed before the copy begins.
struct ForkMethod: DumpMethod {
    let grant: MethodGrant
    let input: MethodInput

    private var context: RunContext { input.context }
    private var output: any SnapshotOutput { input.delivery.output }

    func run() throws -> PublishedSnapshot {
        let lock = try input.acquireLock(for: .inspector)
        defer { withExtendedLifetime(lock) {} }
        // Before the process is touched: where there can be no control group, the memory is to be judged anew.
        let surroundings = try CopySurroundings(grant.memory, input.request, input.target, to: output, context)
        context.note(.memory(MemoryReport(surroundings.memory)))
        defer { surroundings.end() }
        let fork = try input.inspector.run { dialogue, _ in
            let worker = try worker(dialogue)
            try HeapUsage(
                plan: surroundings.memory, request: input.request, target: input.target, output: output,
                context: context
            ).check(dialogue, worker: worker)
            let options = input.forkOptions
            let answer = try AgentCall(dialogue, worker: worker, input.target).fork(options)
            return try ForkedDump(
                answer, by: .fork, of: input.process, to: input.delivery, input.patience, context,
                news: AgentStatusPipe.open
            ) { [target = input.target] pid throws(ProcessError) in
                try CopyOfTarget(pid, of: target, options, surroundings)
            }
        }
        // The copy begins after the inspector is closed.
        return try fork.run()
    }

    /// The session of the worker thread that is wanted; nil for the main thread.
    private func worker(_ dialogue: InspectorDialogue) throws -> String? {
        guard input.request.thread != .main || input.request.listsWorkers else { return nil }
        let threads = try WorkerThreads.read(by: dialogue)
        context.note(.workers(threads.threadIDs))
        guard case .worker(let threadID) = input.request.thread else { return nil }
        return try threads.session(of: threadID)
    }
}
