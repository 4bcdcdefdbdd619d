public import NodeProcess

/// What the plan depends on, as plain values.
public struct TargetFacts: Sendable, Equatable {
    public var pid: Int32 = 0
    public var runtime = Runtime.node
    /// Node's.
    public var version: NodeVersion?
    /// By job control or a debugger.
    public var isStopped = false
    /// With its cgroup.
    public var isFrozen = false
    public var tracer: Tracer?
    /// Its program has ended, and it waits for its inspector's client to leave.
    public var awaitsDebugger = false
    /// Signals that the application has handlers for; nil where that cannot be told.
    public var handledSignals: SignalSet?
    /// Of a cluster primary: one that the primary's inspector would harm.
    public var endangeredWorker: EndangeredWorker?
    /// What it may still take, beside memory.
    public var room = TargetRoom()
    /// The system call that the main thread sits in, where SIGUSR1 to open the inspector would break it off.
    public var callThatInspectorBreaks: String?
    /// The same for signals handled by libuv, which asks the kernel to take calls up again where it can.
    public var callThatSignalsBreak: String?
    public var caught = SignalSet()
    /// Of the main thread.
    public var blocked = SignalSet()
    public var ignored = SignalSet()
    public var inspectorHints = InspectorHints()
    public var signalDumpHints = SignalDumpHints()
    public var argumentsAreOverwritten = false
    public var addonBarrier: AddonBarrier?
    /// Why the process could load the agent from nowhere, by place; nil where it could.
    public var agentPlaceProblems: String?
    /// Why it would not load the agent when an earlier heapdump tried.
    public var failedLoad: String?
    /// Of a listening socket of the target's own that is most likely its inspector's.
    public var inspectorPort: UInt16?
    /// Who else listens where the inspector would, in words.
    public var portHolder: String?
    /// Why neither its inspector nor anything else in it could be reached.
    public var networkProblem: TargetNetwork.Problem?
    public var addon: HeapdumpAddon?
    /// Whether this heapdump has its agent with it.
    public var agentIsBuiltIn = Agent.isBuiltIn
    public var workingDirectory = DirectoryFacts(path: "/")
    /// Of --diagnostic-dir.
    public var diagnosticDirectory: DirectoryFacts?
    public var limits = ResourceLimits()
    public var openFileCount = 0
    /// In memory of its own, in bytes: the heap is smaller.
    public var anonymousBytes: UInt64 = 0

    public var memory = MemoryFacts()
    /// Where the snapshot would go; nil where nobody can tell how much may be written there.
    public var outputRoom: OutputRoom?

    public init() {}

    /// What a dump costs at most: the heap is smaller than the memory that shows from outside.
    public var estimate: DumpEstimate { estimate(of: nil) }

    /// The same of a heap that V8 has told the size of.
    func estimate(of heap: HeapSizes?) -> DumpEstimate {
        DumpEstimate(heap: heap, anonymousBytes: anonymousBytes, version: version)
    }
}
