/// What the operator asked for, for one process.
public struct SnapshotRequest: Sendable {
    public enum Method: String, Sendable, CaseIterable {
        /// The least harmful method that works.
        case auto
        /// V8's inspector.
        case inspector
    }

    public var pid: Int32
    public var output: OutputPattern
    /// Whether an existing regular file may be replaced.
    public var overwrites = false
    /// Whether a result that is not valid is kept, as `NAME.partial`.
    public var keepsPartial = false
    public var method = Method.auto
    /// False where the inspector must not be opened nor used.
    public var allowsInspector = true
    /// How long the target may do nothing at all before the run is given up.
    public var stallTimeout = Duration.seconds(120)

    public init(pid: Int32, output: OutputPattern) {
        self.pid = pid
        self.output = output
    }
}
