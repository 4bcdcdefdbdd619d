import HeapSnapshot

/// Plain objects by the names of their properties, in order: there are few such lists, however many objects there are.
struct ObjectShapes {
    struct Shape {
        /// An object that has it.
        let sample: Int
        /// Strings, in the edges' order.
        let properties: [UInt32]
        var count: UInt64
    }

    /// In the order of their first objects.
    private(set) var shapes: [Shape] = []
    private(set) var objectCount: UInt64 = 0

    /// - Parameters:
    ///   - ofNode: gets the number of each plain object's shape, with `mark`.
    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, into ofNode: Column<UInt32>, mark: UInt32) {
        guard var table = HashTable(capacity: 1 << 12) else { return nil }
        let (type, object) = (graph.type, graph.types.object)
        for node in 0..<graph.nodeCount
        where type[node] == object && graph.tag(ofNode: node) == .object {
            objectCount += 1
            var hash = TextHash.seed
            for index in graph.edges(of: node)
            where PackedEdge.type(graph.edge[index]) == EdgeType.property.rawValue {
                hash = (hash ^ UInt64(graph.edgeName[index])) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash &>> 29
            }
            let slot = table.slot(hash) { [shapes] in Self.matches(graph, node, shapes[$0].properties) }
            let shape: Int
            if let known = table[slot] {
                shape = known
                shapes[known].count += 1
            } else {
                shape = shapes.count
                shapes.append(Shape(sample: node, properties: Self.properties(graph, node), count: 1))
                guard table.insert(shape, hash, at: slot) else { return nil }
            }
            ofNode.base[node] = UInt32(truncatingIfNeeded: shape) | mark
        }
    }

    private static func properties(_ graph: HeapGraph, _ node: Int) -> [UInt32] {
        graph.edges(of: node)
            .filter { PackedEdge.type(graph.edge[$0]) == EdgeType.property.rawValue }
            .map { graph.edgeName[$0] }
    }

    private static func matches(_ graph: HeapGraph, _ node: Int, _ properties: [UInt32]) -> Bool {
        var place = 0
        for index in graph.edges(of: node)
        where PackedEdge.type(graph.edge[index]) == EdgeType.property.rawValue {
            guard place < properties.count, properties[place] == graph.edgeName[index] else { return false }
            place += 1
        }
        return place == properties.count
    }
}
