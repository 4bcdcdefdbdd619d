import Inspector

/// The dump by a forked copy of the target: the agent forks it at a calm moment, and JavaScript goes on.
///
/// The inspector is needed for the fork alone, and closed before the copy begins.
struct ForkMethod: DumpMethod {
    let grant: MethodGrant
    let dump: Dump

    func run() throws -> DumpOutcome {
        let lock = try dump.acquireLock(for: .inspector)
        defer { withExtendedLifetime(lock) {} }
        // Before the process is touched: where there can be no control group, the memory is to be judged anew.
        let surroundings = try CopySurroundings(grant.memory, dump)
        dump.journal.note(.memory(MemoryReport(surroundings.memory)))
        defer { surroundings.end() }
        let fork = try dump.withInspector { access in
            let worker = try worker(access.session)
            try HeapUsage.check(surroundings.memory, access.session, worker: worker, dump)
            let answer = try AgentCall(access.session, worker: worker, dump).fork(options)
            return try ForkedDump(answer, options, surroundings, dump)
        }
        // The copy begins after the inspector is closed.
        return try fork.run()
    }

    /// The session of the worker thread that is wanted; nil for the main thread.
    private func worker(_ session: InspectorSession) throws -> String? {
        guard dump.request.thread != .main || dump.request.listsWorkers else { return nil }
        let threads = try WorkerThreads.read(from: session, dump)
        dump.journal.note(.workers(threads.threadIDs))
        guard case .worker(let threadID) = dump.request.thread else { return nil }
        return try threads.session(of: threadID)
    }

    /// Limits that a healthy dump never reaches.
    private var options: ForkOptions {
        let facts = dump.target
        let seconds = StallEstimate.seconds(
            heapBytes: Double(facts.anonymousBytes), version: facts.executable.version)
        return ForkOptions(
            watchdogSeconds: max(600, Int(min(20 * seconds, 1e6))),
            memoryBytes: max(1 << 30, facts.anonymousBytes &* 20),
            niceness: dump.request.copyNiceness)
    }
}
