/// What the operator asked for, for one process.
public struct SnapshotRequest: Sendable {
    public enum Method: String, Sendable, CaseIterable {
        /// The least harmful method that works.
        case auto
        /// A forked child writes the snapshot, and JavaScript goes on.
        case fork
        /// The same, made by ptrace: without an inspector.
        case ptrace
        /// V8's inspector, in the process itself.
        case inspector
        /// A signal on which the target writes a snapshot by itself.
        case signal
    }

    /// Whose heap: each thread of a process that runs JavaScript has its own.
    public enum Thread: Sendable, Equatable {
        case main
        /// As `worker_threads` numbers them.
        case worker(Int)
    }

    public var pid: Int32
    public var thread = Thread.main
    /// Of the process that is meant, in clock ticks after boot; another one that has its pid by now is left alone. nil:
    /// whatever has that pid.
    public var startTime: UInt64?
    /// Sentences about what the search for the process could not look at.
    public var searchNotes: [String] = []
    public var output: OutputPattern
    /// Whether an existing regular file may be replaced.
    public var overwrites = false
    /// Whether a result that is not valid is kept, as `NAME.partial`.
    public var keepsPartial = false
    public var method = Method.auto
    /// False where the inspector must not be opened nor used.
    public var allowsInspector = true
    /// False where the target must not be traced.
    public var allowsPtrace = true
    /// Whether ptrace may fork a thread in the end that never comes to where that is safe.
    public var stopsUnsafely = false
    /// A signal that the application is said to dump on; `nil` for those that can be proven.
    public var signal: Int32?
    /// How long JavaScript may stand still for a snapshot that is taken in the process itself, in seconds; nil for any time.
    public var maxPause: Double? = 10
    /// Whether to go on where memory is too tight by the estimate.
    public var forcesMemory = false
    /// What a forked copy's control group may hold, in bytes; nil for any amount.
    public var copyMemoryLimit: UInt64?
    /// Of the forked copy; nil for 5 more than the target's.
    public var copyNiceness: Int?
    /// How long the target may do nothing at all before the run is given up.
    public var stallTimeout = Duration.seconds(120)
    /// How long to wait for something temporary that is in the way; nil for the defaults, see `Turn`.
    public var wait: Duration?
    /// Whether V8 tells how far it is while it builds a snapshot that comes in messages. It counts all objects beforehand
    /// for that, which makes the pause longer: to be asked for where somebody looks.
    public var reportsProgress = false

    /// Whether the report is to list the worker threads, for dumps of their own.
    public var listsWorkers = false

    public init(pid: Int32, output: OutputPattern) {
        self.pid = pid
        self.output = output
    }
}
