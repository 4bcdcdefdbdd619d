import HeapSnapshot

/// The closures of one function, or the contexts that they keep alive.
public struct FunctionSummary: Sendable {
    /// Empty for one without a name.
    public let function: String
    public let location: ClassLocation?
    public let count: UInt64
    /// In bytes.
    public let shallowSize: UInt64
    /// In bytes; of those that no other of the group holds.
    public let retainedSize: UInt64
}

/// Groups closures by their functions, and contexts by the functions that hold them: what leaks by closures shows as one function
/// with many.
enum FunctionGroups {
    private struct Key: Hashable {
        let name: UInt32
        let location: ClassLocation?
    }

    struct Groups: Sendable {
        var closures: [FunctionSummary] = []
        var contexts: [FunctionSummary] = []
    }

    /// Those with most retained size first.
    /// - Returns: nil where there is no memory.
    static func find(_ analysis: HeapAnalysis) -> Groups? {
        let graph = analysis.graph
        guard let groupOfNode = Column<UInt32>(count: graph.nodeCount) else { return nil }
        // Group 0 is everything else.
        var keys = [Key(name: 0, location: nil)]
        var numbers: [Key: UInt32] = [:]
        func number(_ key: Key) -> UInt32 {
            if let known = numbers[key] { return known }
            let number = UInt32(keys.count)
            numbers[key] = number
            keys.append(key)
            return number
        }
        if let locations = graph.columns.locations {
            for row in locations.values where graph.type[Int(row.ordinal)] == graph.types.closure {
                let place = ClassLocation(scriptID: row.scriptID, line: row.line, column: row.column)
                groupOfNode[Int(row.ordinal)] = number(Key(name: graph.name[Int(row.ordinal)], location: place))
            }
        }
        for node in 0..<graph.nodeCount where graph.type[node] == graph.types.closure && groupOfNode[node] == 0 {
            groupOfNode[node] = number(Key(name: graph.name[node], location: nil))
        }
        let closureGroups = keys.count
        // A context belongs to the first closure that has it; its number is that of the closure's group, and as many again.
        for node in 0..<graph.nodeCount where graph.type[node] == graph.types.closure {
            for index in graph.edges(of: node)
            where PackedEdge.type(graph.edge[index]) == EdgeType.internal.rawValue
                && graph.tag(ofEdge: index) == .context
            {
                let context = PackedEdge.target(graph.edge[index])
                if groupOfNode[context] == 0, isContext(graph, context) {
                    groupOfNode[context] = groupOfNode[node] + UInt32(closureGroups)
                }
            }
        }
        guard
            let table = GroupTable(
                graph, groupOfNode, count: closureGroups * 2, analysis.distances, analysis.tree)
        else { return nil }
        func summaries(_ range: Range<Int>) -> [FunctionSummary] {
            range.filter { table.rows[$0].count > 0 }
                .map { index in
                    let (row, key) = (table.rows[index], keys[index % closureGroups])
                    return FunctionSummary(
                        function: HeapText.string(graph.columns.strings[Int(key.name)]), location: key.location,
                        count: row.count,
                        shallowSize: row.shallowSize, retainedSize: row.retainedSize)
                }
                .sorted { ($1.retainedSize, $1.count) < ($0.retainedSize, $0.count) }
        }
        return Groups(
            closures: summaries(1..<closureGroups), contexts: summaries(closureGroups + 1..<closureGroups * 2))
    }

    private static func isContext(_ graph: HeapGraph, _ node: Int) -> Bool {
        graph.columns.strings[Int(graph.name[node])].starts(with: "system / Context".utf8)
    }
}
