import NodeProcess

/// The dump by a forked copy of the target that ptrace makes: without an inspector, a signal, a file or JavaScript. It reaches a process
/// whose main thread is blocked, and leaves nothing in it.
struct PtraceMethod: DumpMethod {
    let grant: MethodGrant
    let input: MethodInput

    private var context: RunContext { input.context }

    func run() throws -> PublishedSnapshot {
        let lock = try input.acquireLock(for: .ptrace)
        defer { withExtendedLifetime(lock) {} }
        let output = input.delivery.output
        let surroundings = try CopySurroundings(grant.memory, input.request, input.target, to: output, context)
        context.note(.memory(MemoryReport(surroundings.memory)))
        defer { surroundings.end() }
        context.enter(.forking)
        let fork = try PtraceFork(input.target, input.request, context)
        fork.reapEarlierCopies()
        defer { fork.leave() }
        try fork.enter()
        let options = input.forkOptions
        let dump = try ForkedDump(
            fork.fork(options), by: .ptrace, of: input.process, to: input.delivery, input.patience, context,
            news: { [context] copy, answer throws(ProcessError) in
                try VisitNews(fork, copy.pid, number: answer.pid ?? 0, options, context)
            }
        ) { [target = input.target] pid throws(ProcessError) in
            try CopyOfTarget(pid, of: target, options, surroundings)
        }
        let usage = HeapUsage(
            plan: surroundings.memory, request: input.request, target: input.target, output: output, context: context)
        do {
            try usage.check(fork.heap)
        } catch {
            dump.abandon()
            throw error
        }
        return try dump.run()
    }
}
