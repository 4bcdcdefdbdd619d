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
        let heap = try size(AgentCall(session, worker: worker, dump), session, worker, dump)
        // What was read for the plan may be some milliseconds old, or a second that the process was waited for.
        let facts = try TargetFacts(memoryOf: dump.target)
        let estimate = facts.estimate(of: heap)
        let verdict = memory.verdict(estimate, dump.request, facts.memory)
        dump.journal.note(.heap(verdict, heap))
        dump.journal.observe(.detail("V8's heap holds \(ByteText.text(heap.total))"))
        guard verdict.fits else { throw DumpFailure.memoryTooTight(verdict.refusal) }
        if let shortage = dump.output.room?.shortage(estimate) { throw shortage }
    }

    /// By the agent, which has V8's counters for each of its spaces. Node's own way to them loads its module `v8` and all that
    /// this one needs, in the middle of whatever the program does.
    private static func size(
        _ agent: AgentCall, _ session: InspectorSession, _ worker: String?, _ dump: Dump
    ) throws -> HeapSizes {
        do {
            if Agent.isBuiltIn, dump.target.executable.runtime == .node, let sizes = try agent.heapSizes() {
                return sizes
            }
        } catch DumpFailure.noMethod {
            dump.journal.observe(.detail("the agent cannot ask for the size of V8's heap: the inspector does"))
        }
        return try total(of: session, worker, dump)
    }

    /// All of it taken for small objects, which is the most that a dump of so large a heap can need.
    private static func total(of session: InspectorSession, _ worker: String?, _ dump: Dump) throws -> HeapSizes {
        // Whatever the target says: what no heap can be refuses the dump.
        guard worker == nil, case .result(let result) = try ask(session, dump), let used = result.usedSize,
            used > 0, used < 1e14
        else {
            throw DumpFailure.memoryTooTight("it does not say how large its heap is; --force-memory tries all the same")
        }
        return HeapSizes(small: UInt64(used))
    }

    private static func ask(_ session: InspectorSession, _ dump: Dump) throws -> InspectorAnswer {
        let command = session.send("Runtime.getHeapUsage")
        return try dump.awaitMessage(of: session) { message in
            guard case .answer(command, let answer) = message else { return nil }
            return answer
        }
    }
}
