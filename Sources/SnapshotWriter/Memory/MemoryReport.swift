/// What the reports say of memory: a part of what `--json` prints, documented in the README. Sizes in bytes.
public struct MemoryReport: Sendable, Equatable, Encodable {
    /// What V8 needs for the snapshot, by the estimate.
    public var extraBytes: UInt64
    /// What is needed of what the tightest bound limits: all of that, or what the process itself needs beside its copy.
    public var neededBytes: UInt64
    /// What the tightest bound leaves; nil where there is none.
    public var headroomBytes: UInt64?
    /// Which bound that is.
    public var bound: String?
    public var fits: Bool
    /// Whether V8 is asked for the heap's size before it is decided.
    public var asksForHeap: Bool
    /// Whether a forked copy is charged to a control group of heapdump's own.
    public var ownControlGroup: Bool
    /// V8's used heap, where it was asked.
    public var heapBytes: UInt64?
    /// The most that was charged to that group.
    public var ownControlGroupPeakBytes: UInt64?

    init(_ plan: MemoryPlan) {
        extraBytes = plan.verdict.extra
        neededBytes = plan.verdict.needed
        headroomBytes = plan.verdict.headroom
        bound = plan.verdict.bound
        fits = plan.verdict.fits
        asksForHeap = plan.asksForHeap
        ownControlGroup = plan.isApart
    }

    /// The same by what V8 has said.
    mutating func update(_ verdict: MemoryVerdict, _ heap: HeapSizes) {
        extraBytes = verdict.extra
        neededBytes = verdict.needed
        headroomBytes = verdict.headroom
        bound = verdict.bound
        fits = verdict.fits
        asksForHeap = false
        heapBytes = heap.total
    }
}
