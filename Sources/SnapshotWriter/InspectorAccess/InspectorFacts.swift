public import Linux
public import NodeProcess

/// What tells whether the inspector is open, or may be opened by SIGUSR1, as plain values.
public struct InspectorFacts: Sendable, Equatable {
    public var hints = InspectorHints()
    /// Of a listening socket of the target's own that is most likely its inspector's.
    public var port: UInt16?
    /// Who else listens where the inspector would, in words.
    public var portHolder: String?
    /// Why neither the inspector nor anything else in the process could be reached.
    public var networkProblem: TargetNetwork.Problem?
    /// The program has ended, and waits for its inspector's client to leave.
    public var awaitsDebugger = false
    /// Signals that the application has handlers for; nil where that cannot be told.
    public var handledSignals: SignalSet?
    /// Of a cluster primary: one that the primary's inspector would harm.
    public var endangeredWorker: EndangeredWorker?
    /// The system call that the main thread sits in, where SIGUSR1 would break it off.
    public var callThatBreaks: String?
    /// What the process may still take, beside memory.
    public var room = TargetRoom()

    public init() {}
}
