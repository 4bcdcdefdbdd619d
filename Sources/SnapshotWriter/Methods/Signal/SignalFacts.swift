public import Linux
public import NodeProcess

/// What tells whether a signal has the process write a snapshot, and whether it can, as plain values.
public struct SignalFacts: Sendable, Equatable {
    public var hints = SignalDumpHints()
    public var addon: HeapdumpAddon?
    /// The system call that the main thread sits in, where a signal handled by libuv would break it off: the kernel is asked to
    /// take calls up again where it can.
    public var callThatBreaks: String?
    public var workingDirectory = DirectoryFacts(path: "/")
    /// Of --diagnostic-dir.
    public var diagnosticDirectory: DirectoryFacts?
    public var limits = ResourceLimits()
    public var openFileCount = 0

    public init() {}
}
