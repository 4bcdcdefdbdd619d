/// How far a validator has come.
public struct SnapshotProgress: Sendable {
    /// Bytes taken in.
    public var bytes: UInt64
    /// The section the last byte belongs to.
    public var section: SnapshotSection
    /// The number of nodes the header declares, nil until the header is whole.
    public var declaredNodes: UInt64?
    /// The number of edges the header declares, nil until the header is whole.
    public var declaredEdges: UInt64?
    /// Nodes seen.
    public var nodes: UInt64
    /// Edges seen.
    public var edges: UInt64
    /// Strings seen.
    public var strings: UInt64
    /// An estimate in 0...1 that never falls, nil until the header is whole.
    public var fractionComplete: Double?
}

extension SnapshotProgress {
    // Bytes per row in the files V8 writes, and the share of the file that nodes and edges take. The header does not
    // declare how many strings follow, so that the last part can only approach its end.
    private static let nodeWeight = 24.0
    private static let edgeWeight = 16.0
    private static let rowsShare = 0.9

    static func fraction(
        nodes: UInt64, of declaredNodes: UInt64, edges: UInt64, of declaredEdges: UInt64, strings: UInt64, ended: Bool
    ) -> Double {
        if ended { return 1 }
        let all = nodeWeight * Double(declaredNodes) + edgeWeight * Double(declaredEdges)
        let seen = nodeWeight * Double(nodes) + edgeWeight * Double(edges)
        let rows = all > 0 ? min(seen / all, 1) : 0
        let expectedStrings = 100 + Double(declaredNodes) / 10
        let tail = Double(strings) / (Double(strings) + expectedStrings)
        return rowsShare * rows + (1 - rowsShare) * tail
    }
}
