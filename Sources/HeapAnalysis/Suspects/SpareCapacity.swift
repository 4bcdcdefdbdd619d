import HeapSnapshot

/// Finds arrays, Maps and Sets that take room for far more than they have, as one that was filled and then emptied.
struct SpareCapacity {
    private let analysis: HeapAnalysis

    /// Of a place in the store, in bytes: an array's element; an entry's key, value and link, and its part of the hash table.
    private static let bytesOfPlace: [String: (bytes: UInt64, edges: UInt64)] = [
        "Array": (8, 1), "Map": (28, 2), "Set": (20, 1),
    ]
    /// V8 doubles what is full, and halves what is a quarter full.
    private static let leastRatio: UInt64 = 4

    init(_ analysis: HeapAnalysis) {
        self.analysis = analysis
    }

    /// - Returns: nil where it is none of these, and where what there is leads to no object at all: it may be all numbers.
    func pattern(of holder: Int) -> LeakSuspect.Pattern? {
        guard let place = Self.bytesOfPlace[analysis.className(of: holder)] else { return nil }
        let graph = analysis.graph
        var used: UInt64 = 0
        var size = analysis.columns.selfSize(holder)
        for index in graph.edges(of: holder) where PackedEdge.type(graph.edge[index]) == EdgeType.internal.rawValue {
            let store = PackedEdge.target(graph.edge[index])
            guard graph.type[store] == graph.types.array else { continue }
            size.addSaturating(analysis.columns.selfSize(store))
            let edges = graph.edges(of: store).count {
                PackedEdge.type(graph.edge[$0]) != EdgeType.weak.rawValue && graph.tag(ofEdge: $0) != .map
            }
            used = max(used, UInt64(edges) / place.edges)
        }
        let places = size / place.bytes
        guard used > 0, places / Self.leastRatio >= used else { return nil }
        return .spareCapacity(used: used, places: places)
    }
}
