import HeapSnapshot

/// The places of functions, by node: the document has them in no order.
struct FunctionPlaces: Sendable {
    private let graph: HeapGraph
    /// By function: its index in `ScriptLocations.places`, plus 1; 0 if the document has no location for it.
    private let places: SparseColumn?

    init(_ graph: HeapGraph) {
        self.graph = graph
        guard let locations = graph.columns.locations, let closures = BitColumn(count: graph.nodeCount) else {
            places = nil
            return
        }
        for node in 0..<graph.nodeCount where graph.type[node] == graph.types.closure { closures.set(node) }
        guard let places = SparseColumn(closures, nodeCount: graph.nodeCount) else {
            // They are left out of what is told, for which there is just memory.
            self.places = nil
            return
        }
        for row in locations.rows.values where graph.type[Int(row.ordinal)] == graph.types.closure {
            places[Int(row.ordinal)] = row.place &+ 1
        }
        self.places = places
    }

    /// - Returns: nil where it is no function, or its place is not known.
    subscript(node: Int) -> ScriptLocation? {
        guard let places, places.has(node), places[node] > 0 else { return nil }
        return graph.columns.locations?[places[node] - 1]
    }
}

extension HeapAnalysis {
    /// - Returns: nil where it is no function, or its place is not known.
    func codePlace(of node: Int) -> CodePlace? {
        scripts.place(of: location(ofFunction: node))
    }

    /// - Returns: nil where it is no function, or its place is not known.
    func location(ofFunction node: Int) -> ScriptLocation? {
        guard graph.type[node] == graph.types.closure else { return nil }
        return functionPlaces.withLock { known in
            let places = known ?? FunctionPlaces(graph)
            known = places
            return places[node]
        }
    }
}
