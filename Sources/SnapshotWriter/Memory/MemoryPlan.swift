/// What a step of the plan says of memory.
public struct MemoryPlan: Sendable, Equatable {
    let place: MemoryPlace
    public let verdict: MemoryVerdict
    /// The process's own memory may be too much for it, and V8's heap, of which that is more than all, may not: V8 is asked for
    /// the heap's size before anything else, and the dump refused where that is too large.
    public let asksForHeap: Bool

    /// Whether a forked copy runs in a control group of heapdump's own.
    public var isApart: Bool { place == .copyApart }

    /// - Parameter canAsk: whether the method has a way to ask V8 before it begins.
    static func make(
        _ request: SnapshotRequest, _ facts: TargetFacts, isFork: Bool, canAsk: Bool
    ) throws(Refusal) -> MemoryPlan {
        let place = place(request, facts.memory, isFork: isFork, canMove: canAsk)
        let verdict = facts.memory.verdict(facts.estimate, in: place, ownLimit: request.copyMemoryLimit)
        if verdict.fits || request.forcesMemory {
            // The file may be too large as well, which only V8 can tell.
            let mayFillDisk = !request.forcesMemory && facts.outputRoom?.shortage(facts.estimate) != nil
            return MemoryPlan(place: place, verdict: verdict, asksForHeap: mayFillDisk && canAsk)
        }
        let least = facts.estimate(of: HeapSizes(small: 0))
        let best = facts.memory.verdict(least, in: place, ownLimit: request.copyMemoryLimit)
        guard canAsk, best.fits else {
            throw .memoryTooTight(reason: best.fits ? verdict.refusal : best.refusal)
        }
        return MemoryPlan(place: place, verdict: verdict, asksForHeap: true)
    }

    /// - Parameter canMove: whether heapdump has the copy in its hands before it begins.
    private static func place(
        _ request: SnapshotRequest, _ memory: MemoryFacts, isFork: Bool, canMove: Bool
    ) -> MemoryPlace {
        guard isFork else { return .process }
        let isLimited = memory.groups.groups.contains { $0.lowestLimit != nil }
        let isWanted = request.copyMemoryLimit != nil || isLimited && memory.mayLeaveGroups
        guard canMove, memory.dumpGroups != nil, isWanted else { return .copy }
        return .copyApart
    }

    /// What the kernel lets a copy in a control group of heapdump's own have at most, in bytes: generous, since the estimate is too
    /// low for some heaps.
    var copyLimit: UInt64 { 2 * min(verdict.extra, 1 << 60) + 256 << 20 }

    /// The same by what V8 says of its heap.
    func verdict(_ estimate: DumpEstimate, _ request: SnapshotRequest, _ memory: MemoryFacts) -> MemoryVerdict {
        memory.verdict(estimate, in: place, ownLimit: request.copyMemoryLimit)
    }
}
