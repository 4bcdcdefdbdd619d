import Inspector
import NodeProcess

/// What V8 says of its heap, asked where the memory that shows from outside would be too much for a dump.
enum HeapUsage {
    /// How long to sleep at most before the target's CPU time is looked at again.
    private static let step = Duration.milliseconds(200)

    /// Asks where the plan wants that.
    /// - Parameter worker: the session of a worker thread; nil for the main thread.
    /// - Throws: `DumpFailure.memoryTooTight` where the heap is too large for a dump.
    static func check(
        _ memory: MemoryPlan, _ session: InspectorSession, worker: String?, _ dump: Dump
    ) throws {
        guard memory.asksForHeap else { return }
        let heap = try ask(session, worker, dump)
        var facts = TargetFacts()
        facts.version = dump.target.executable.version
        facts.anonymousBytes = dump.target.anonymousBytes
        // What was read for the plan may be some milliseconds old, or a second that the process was waited for.
        facts.memory = try MemoryFacts.read(dump.target)
        let verdict = memory.verdict(heap, dump.request, facts)
        dump.journal.report.memory?.update(verdict, heap)
        dump.journal.observe(.detail("V8's heap holds \(ByteText.text(heap.total))"))
        guard verdict.fits else { throw DumpFailure.memoryTooTight(verdict.refusal) }
    }

    private static func ask(_ session: InspectorSession, _ worker: String?, _ dump: Dump) throws -> HeapSizes {
        var watch = StallWatch(limit: dump.request.stallTimeout, now: .now)
        var sign = StallWatch.Sign()
        let command: Int
        do {
            command = try session.evaluate(HeapSizes.expression, inWorker: worker)
        } catch {
            throw DumpFailure.inspectorLost(dump.waiter.phase, error)
        }
        while true {
            while let message = try dump.next(of: session) {
                switch (message, worker) {
                case (.answer(command, let answer), nil): return try size(answer)
                case (.fromWorker(worker, .answer(command, let answer)), .some): return try size(answer)
                default: break
                }
            }
            let activity = try? MainThreadActivity.read(dump.target.handle)
            if let activity { sign.cpuTime = activity.cpuTime }
            try dump.checkStall(&watch, sign, activity)
            _ = try dump.waiter.wait(for: session.descriptor, atMost: Self.step)
        }
    }

    private static func size(_ answer: InspectorAnswer) throws -> HeapSizes {
        // Whatever the target says: what no heap can be refuses the dump.
        guard case .result(let result) = answer, let heap = result.text.flatMap({ HeapSizes(text: $0) }) else {
            throw DumpFailure.memoryTooTight("it does not say how large its heap is; --force-memory tries all the same")
        }
        return heap
    }
}
