import Inspector
import NodeProcess

/// What V8 says of its heap, asked where the memory that shows from outside would be too much for a dump.
enum HeapUsage {
    /// Asks where the plan wants that.
    /// - Parameter worker: the session of a worker thread; nil for the main thread.
    /// - Throws: `DumpFailure.memoryTooTight` where the heap is too large for a dump.
    static func check(
        _ memory: MemoryPlan, _ session: InspectorSession, worker: String?, _ dump: Dump
    ) throws {
        guard memory.asksForHeap else { return }
        let heap = try size(dump.evaluate(HeapSizes.expression, in: session, worker: worker))
        // What was read for the plan may be some milliseconds old, or a second that the process was waited for.
        let facts = try TargetFacts(memoryOf: dump.target)
        let estimate = facts.estimate(of: heap)
        let verdict = memory.verdict(estimate, dump.request, facts.memory)
        dump.journal.report.memory?.update(verdict, heap)
        dump.journal.observe(.detail("V8's heap holds \(ByteText.text(heap.total))"))
        guard verdict.fits else { throw DumpFailure.memoryTooTight(verdict.refusal) }
        if let shortage = dump.output.room?.shortage(estimate) { throw shortage }
    }

    private static func size(_ answer: InspectorAnswer) throws -> HeapSizes {
        // Whatever the target says: what no heap can be refuses the dump.
        guard case .result(let result) = answer, let heap = result.text.flatMap({ HeapSizes(text: $0) }) else {
            throw DumpFailure.memoryTooTight("it does not say how large its heap is; --force-memory tries all the same")
        }
        return heap
    }
}
