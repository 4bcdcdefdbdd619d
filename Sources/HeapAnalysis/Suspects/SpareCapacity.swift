import HeapSnapshot

/// Finds arrays, Maps and Sets that take room for far more than they have, as one that was filled and then emptied.
struct SpareCapacity {
    private let analysis: HeapAnalysis

    /// Of a place in the store, in bytes: an array's element; an entry's key, value and link, and its part of the hash table.
    private static func place(of tag: TextTag) -> (bytes: UInt64, edges: UInt64)? {
        switch tag {
        case .array: (8, 1)
        case .mapObject: (28, 2)
        case .setObject: (20, 1)
        default: nil
        }
    }
    /// V8 doubles what is full, and halves what is a quarter full.
    private static let leastRatio: UInt64 = 4
    /// Less room is none to speak of, however many have it.
    private static let leastPlaces: UInt64 = 64

    init(_ analysis: HeapAnalysis) {
        self.analysis = analysis
    }

    /// - Returns: nil where it is none of these, and where what there is leads to no object at all: it may be all numbers.
    func pattern(of holder: Int) -> LeakSuspect.Pattern? {
        counts(of: holder).map { .spareCapacity(used: $0.used, places: $0.places) }
    }

    /// The room that it does not use, in bytes.
    /// - Returns: nil where that is little, and where there is no pattern.
    func unused(of holder: Int) -> UInt64? {
        guard let (used, places) = counts(of: holder), places >= Self.leastPlaces,
            let place = Self.place(of: analysis.graph.tag(ofNode: holder))
        else { return nil }
        return (places - used) * place.bytes
    }

    private func counts(of holder: Int) -> (used: UInt64, places: UInt64)? {
        let graph = analysis.graph
        guard graph.type[holder] == graph.types.object, let place = Self.place(of: graph.tag(ofNode: holder)) else {
            return nil
        }
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
        return (used, places)
    }
}
