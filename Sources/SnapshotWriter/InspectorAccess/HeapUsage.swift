import Inspector
import NodeProcess

/// What V8 says of its heap, asked if the memory that shows from outside would be too much for a dump.
struct HeapUsage {
    let plan: MemoryPlan
    let request: SnapshotRequest
    let target: TargetProcess
    let output: any SnapshotOutput
    let context: RunContext

    /// Asks if the plan wants that.
    /// - Parameter worker: the session of a worker thread; nil for the main thread.
    /// - Throws: `DumpFailure.memoryTooTight` if the heap is too large for a dump.
    func check(_ dialogue: InspectorDialogue, worker: String?) throws {
        try check { try size(dialogue, worker) }
    }

    /// The same of what is found out in another way.
    /// - Parameter size: asked if the plan wants that; nil if V8 does not say.
    func check(_ size: () throws -> HeapSizes?) throws {
        guard plan.asksForHeap else { return }
        guard let heap = try size() else { throw Self.unknown }
        // What was read for the plan may be some milliseconds old, or a second that the process was waited for.
        let facts = try TargetFacts(memoryOf: target)
        let estimate = facts.estimate(of: heap)
        let verdict = plan.verdict(estimate, request, facts.memory)
        context.note(.heap(verdict, heap))
        context.observe(.detail("V8's heap holds \(ByteText.text(heap.total))"))
        guard verdict.fits else { throw DumpFailure.memoryTooTight(verdict.refusal) }
        if let shortage = output.room?.shortage(estimate) { throw shortage }
    }

    /// By the agent, which has V8's counters for each of its spaces. Node's own way to them loads its module `v8` and all that
    /// this one needs, in the middle of whatever the program does.
    private func size(_ dialogue: InspectorDialogue, _ worker: String?) throws -> HeapSizes {
        do {
            if Agent.isBuiltIn, target.executable.runtime == .node,
                let sizes = try AgentCall(dialogue, worker: worker, target).heapSizes()
            {
                return sizes
            }
        } catch DumpFailure.noMethod {
            context.observe(.detail("the agent cannot ask for the size of V8's heap: the inspector does"))
        }
        return try total(dialogue, worker)
    }

    /// All of it taken for small objects, which is the most that a dump of so large a heap can need.
    private func total(_ dialogue: InspectorDialogue, _ worker: String?) throws -> HeapSizes {
        // Whatever the target says: what no heap can be refuses the dump.
        guard worker == nil, case .result(let result) = try ask(dialogue), let used = result.usedSize,
            used > 0, used < 1e14
        else {
            throw Self.unknown
        }
        return HeapSizes(small: UInt64(used))
    }

    private static let unknown = DumpFailure.memoryTooTight(
        "it does not say how large its heap is; --force-memory tries all the same")

    private func ask(_ dialogue: InspectorDialogue) throws -> InspectorAnswer {
        let command = dialogue.channel.send("Runtime.getHeapUsage")
        return try dialogue.awaitMessage { message in
            guard case .answer(command, let answer) = message else { return nil }
            return answer
        }
    }
}
