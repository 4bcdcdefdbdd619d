/// What a valid snapshot holds.
public struct SnapshotCounts: Sendable, Equatable {
    /// The length of the document in bytes, white space after it included.
    public var bytes: UInt64
    /// The number of nodes.
    public var nodes: UInt64
    /// The number of edges.
    public var edges: UInt64
    /// The number of strings.
    public var strings: UInt64
    /// The sum of the nodes' self sizes in bytes; `UInt64.max` where the sum exceeds it.
    public var totalSelfSize: UInt64

    public init(bytes: UInt64, nodes: UInt64, edges: UInt64, strings: UInt64, totalSelfSize: UInt64) {
        self.bytes = bytes
        self.nodes = nodes
        self.edges = edges
        self.strings = strings
        self.totalSelfSize = totalSelfSize
    }
}
