import HeapSnapshot

/// Tells the tables that Node keeps of itself, which are in every process, from what an application accumulates in Node.
struct NodesOwn {
    private let analysis: HeapAnalysis
    private let applicationClosures: BitColumn
    /// Functions of Node's, and the contexts of their variables.
    private let scopes: BitColumn

    /// In bytes. With all modules loaded, the largest of Node's tables takes 0.8 to 2.3 MB on Node 18 to 26. What is larger has grown.
    private static let mostOfOneTable: UInt64 = 3_000_000

    /// - Returns: nil where there is no memory.
    init?(_ analysis: HeapAnalysis) {
        let graph = analysis.graph
        guard let applicationClosures = BitColumn(count: graph.nodeCount),
            let scopes = BitColumn(count: graph.nodeCount)
        else { return nil }
        if let locations = graph.columns.locations {
            let isNodes = locations.places.values.map { analysis.scripts.isNodes($0.scriptID) }
            for row in locations.rows.values {
                let node = Int(row.ordinal)
                guard graph.type[node] == graph.types.closure else { continue }
                guard isNodes[Int(row.place)] else {
                    applicationClosures.set(node)
                    continue
                }
                scopes.set(node)
                var scope = graph.internalTarget(of: node, where: { $0 == .context })
                while let context = scope, graph.tag(ofNode: context) == .functionContext, !scopes[context] {
                    scopes.set(context)
                    scope = graph.internalTarget(of: context, where: { $0 == .previous })
                }
            }
        }
        (self.analysis, self.applicationClosures, self.scopes) = (analysis, applicationClosures, scopes)
    }

    /// A function of the application's.
    func isApplications(_ node: Int) -> Bool { applicationClosures[node] }

    /// The variables of a function of Node's.
    func isScope(_ context: Int) -> Bool { scopes[context] }

    /// Code, V8's own records, and the functions that Node starts with: no application's leak.
    func isRuntimes(_ node: Int) -> Bool {
        let (type, types) = (analysis.graph.type[node], analysis.graph.types)
        return type == types.code || type == types.hidden || (type == types.closure && !applicationClosures[node])
    }

    /// Whether it hangs on Node alone, is no larger than what Node has anyway, and leads to no function of the application.
    func isTable(_ node: Int) -> Bool {
        guard analysis.tree.retainedSizes[node] < Self.mostOfOneTable, hangsOnNode(node) else { return false }
        var isNodesAlone = true
        analysis.tree.forEachDominated(by: node) { if applicationClosures[$0] { isNodesAlone = false } }
        return isNodesAlone
    }

    private func hangsOnNode(_ node: Int) -> Bool {
        var node = node
        while node != HeapGraph.root {
            if scopes[node] { return true }
            node = Int(analysis.tree.dominators[node])
        }
        return false
    }
}
