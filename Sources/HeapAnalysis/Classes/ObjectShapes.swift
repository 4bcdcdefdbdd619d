import HeapSnapshot

/// Plain objects by the names of their properties, in order: there are few such lists, however many objects there are.
struct ObjectShapes {
    struct Shape: BitwiseCopyable {
        fileprivate let start: UInt32
        fileprivate let end: UInt32
        var count: UInt64
    }

    /// In the order of their first objects.
    var shapes: UnsafeBufferPointer<Shape> { UnsafeBufferPointer(start: rows.base, count: shapeCount) }
    private(set) var objectCount: UInt64 = 0

    // In columns, since a file may have as many as objects.
    private let rows: Column<Shape>
    private var shapeCount = 0
    private let names: Column<UInt32>
    private var nameCount = 0

    /// - Parameters:
    ///   - ofNode: gets the number of each plain object's shape, with `mark`.
    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, into ofNode: Column<UInt32>, mark: UInt32) {
        guard var table = HashTable(capacity: 1 << 12), let rows = Column<Shape>(count: 1 << 10, isZero: false),
            let names = Column<UInt32>(count: 1 << 12, isZero: false)
        else { return nil }
        (self.rows, self.names) = (rows, names)
        let (type, object) = (graph.type, graph.types.object)
        for node in 0..<graph.nodeCount
        where type[node] == object && graph.tag(ofNode: node) == .object {
            objectCount += 1
            var hash = TextHash.seed
            for index in graph.edges(of: node)
            where PackedEdge.type(graph.edge[index]) == EdgeType.property.rawValue {
                hash = TextHash.next(hash, UInt64(graph.edgeName[index]))
            }
            let slot = table.slot(hash) { matches(graph, node, rows[$0]) }
            let shape: Int
            if let known = table[slot] {
                shape = known
                rows.base[known].count += 1
            } else {
                shape = shapeCount
                guard append(graph, node), table.insert(shape, hash, at: slot) else { return nil }
            }
            ofNode.base[node] = UInt32(truncatingIfNeeded: shape) | mark
        }
    }

    /// Strings, in the edges' order.
    func properties(of shape: Shape) -> UnsafeBufferPointer<UInt32> {
        UnsafeBufferPointer(start: names.base + Int(shape.start), count: Int(shape.end &- shape.start))
    }

    /// - Returns: false where there is no memory.
    private mutating func append(_ graph: HeapGraph, _ node: Int) -> Bool {
        let start = nameCount
        for index in graph.edges(of: node)
        where PackedEdge.type(graph.edge[index]) == EdgeType.property.rawValue {
            guard nameCount < names.count || names.resize(to: names.count * 2) else { return false }
            names[nameCount] = graph.edgeName[index]
            nameCount += 1
        }
        guard shapeCount < rows.count || rows.resize(to: rows.count * 2) else { return false }
        rows[shapeCount] = Shape(
            start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: nameCount), count: 1)
        shapeCount += 1
        return true
    }

    private func matches(_ graph: HeapGraph, _ node: Int, _ shape: Shape) -> Bool {
        var place = Int(shape.start)
        for index in graph.edges(of: node)
        where PackedEdge.type(graph.edge[index]) == EdgeType.property.rawValue {
            guard place < shape.end, names.base[place] == graph.edgeName[index] else { return false }
            place += 1
        }
        return place == shape.end
    }
}
