import HeapSnapshot
import Linux
public import NodeProcess

/// What came of a dump of one process: the object that `--json` prints, documented in the README.
public struct SnapshotReport: Sendable, Encodable {
    public struct Target: Sendable, Encodable {
        public var pid: Int32
        /// Effective; nil where nobody looked, or was let.
        public var uid: UInt32? { didSet { user = uid.map { userName($0) ?? String($0) } } }
        /// The user's name, or the number where there is none.
        public private(set) var user: String?
        /// nil where nobody looked, or was let.
        public var runtime: Runtime? { didSet { nodeVersion = runtime == .node ? runtimeVersion : nil } }
        /// `v20.18.0` of Node, `2.9.8` of Deno.
        public var runtimeVersion: String? { didSet { nodeVersion = runtime == .node ? runtimeVersion : nil } }
        public private(set) var nodeVersion: String?
        /// `glibc` or `musl`.
        public var libc: String?
        public var script: String?

        public init(pid: Int32) {
            self.pid = pid
        }
    }

    /// Milliseconds of each phase that was reached.
    public struct Milliseconds: Sendable, Encodable {
        public var looking: Double?
        public var openingInspector: Double?
        public var waiting: Double?
        public var building: Double?
        public var writing: Double?
        public var checking: Double?
        public var total: Double = 0
    }

    public var target: Target
    /// 0 for the main thread.
    public var thread = 0
    public var method: SnapshotRequest.Method?
    /// The one that was sent to make the target dump.
    public var signal: String?
    /// How often the target was forked; nil for other methods.
    public var forks: Int?
    /// Whether a forked copy wrote it; nil for methods that always or never make one.
    public var forked: Bool?
    /// How long JavaScript stood still for them, each time at most.
    public var pauseMilliseconds: Double?
    /// Of that, how long ptrace kept the thread from running before the fork; nil for other methods.
    public var stoppedMilliseconds: Double?
    /// The forked copy's resident set at most, with what it shares with the target.
    public var forkPeakBytes: UInt64?
    /// What was known of the memory before; nil where no method got so far.
    public var memory: MemoryReport?
    /// Methods that were tried before and failed.
    public var failedMethods: [MethodRefusal] = []
    /// Absolute path; nil on standard output and where there is no snapshot.
    public var file: String?
    public var bytes: UInt64 = 0
    public var nodes: UInt64?
    public var edges: UInt64?
    public var strings: UInt64?
    /// Sum of the nodes' self sizes, in bytes.
    public var totalSelfSize: UInt64?
    public var milliseconds = Milliseconds()
    /// How long a debug port was open that this run opened; nil where it opened none.
    public var debugPortOpenMilliseconds: Double?
    /// Whether that port is still open at the end of the run; nil where this run opened none.
    public var debugPortLeftOpen: Bool?
    /// Others who connected to that port meanwhile; nil where nobody was seen.
    public var debugPortStrangers: [Stranger]?
    /// As `heapdump check` words it; nil where no byte was expected yet.
    public var verdict: String?
    public var warnings: [String] = []
    public var exitCode: ExitCode = .success
    public var error: String?
    /// Of `error`.
    public var reasonCode: ReasonCode?
    /// The worker threads that were there, where they were asked for; not printed.
    @Unprinted public var workers: [Int] = []
    /// Why no method was taken, where none was; not printed.
    @Unprinted public var refusals: [ReasonCode] = []
    /// Whether the remaining processes of the run are left alone; not printed.
    @Unprinted public var endsTheRun = false

    /// Whether a valid snapshot is where it should be.
    public var hasSnapshot: Bool { [.success, .portLeftOpen].contains(exitCode) }
}

extension ExitCode: Encodable {}
extension SnapshotRequest.Method: Encodable {}
