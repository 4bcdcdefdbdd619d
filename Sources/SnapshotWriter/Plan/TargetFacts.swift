public import Linux
public import NodeProcess

/// What the plan depends on, as plain values: those of all methods, and those of each.
public struct TargetFacts: Sendable, Equatable {
    public var pid: Int32 = 0
    public var runtime = Runtime.node
    /// Node's.
    public var version: NodeVersion?
    public var standstill = Standstill()
    public var caught = SignalSet()
    /// Of the main thread.
    public var blocked = SignalSet()
    public var ignored = SignalSet()
    public var argumentsAreOverwritten = false
    /// In memory of its own, in bytes: the heap is smaller.
    public var anonymousBytes: UInt64 = 0
    public var memory = MemoryFacts()
    /// Where the snapshot would go; nil where nobody can tell how much may be written there.
    public var outputRoom: OutputRoom?

    public var inspector = InspectorFacts()
    public var agent = AgentFacts()
    public var signal = SignalFacts()
    public var ptrace = PtraceFacts()

    public init() {}

    /// What a dump costs at most: the heap is smaller than the memory that shows from outside.
    public var estimate: DumpEstimate { estimate(of: nil) }

    /// The same of a heap that V8 has told the size of.
    func estimate(of heap: HeapSizes?) -> DumpEstimate {
        DumpEstimate(heap: heap, anonymousBytes: anonymousBytes, version: version)
    }
}
