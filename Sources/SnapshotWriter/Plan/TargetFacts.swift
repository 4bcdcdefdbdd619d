public import NodeProcess

/// What the plan depends on, as plain values.
public struct TargetFacts: Sendable, Equatable {
    public var version: NodeVersion?
    /// By job control or a debugger.
    public var isStopped = false
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
    /// --no-addons
    public var addonsAreOff = false
    /// Of a listening socket of the target's own that is most likely its inspector's.
    public var inspectorPort: UInt16?
    /// Who else listens where the inspector would, in words.
    public var portHolder: String?
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

    public init() {}

    /// What a snapshot takes at most, in bytes. V8 writes 1.4 to 2.0 bytes for a byte of heap where it holds small objects,
    /// 2.4 for arrays of references, and 6 for a character of a string that is not ASCII (`\u00e9`).
    public var snapshotBytesAtMost: UInt64 { max(16 << 20, anonymousBytes &* 7) }

    /// How long JavaScript stands still for a fork, in seconds. Measured: 0.05 to 0.1 ms for each MB of memory; a loaded
    /// machine takes longer, and a calm moment is waited for, 3 ms at a time.
    public var forkPauseAtMost: Double { 0.005 + Double(anonymousBytes) / 1e6 * 0.00025 }

    /// How long JavaScript stands still at most for a snapshot in the process itself, in seconds; the heap is mostly smaller.
    public var pauseAtMost: Double { StallEstimate.seconds(heapBytes: Double(anonymousBytes), version: version) }
}
