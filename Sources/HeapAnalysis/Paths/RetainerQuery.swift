import HeapSnapshot

/// How the objects of a class are held: paths alike are told once.
public struct RetainerGroup: Encodable, Sendable {
    /// Of objects that are held alike.
    public let count: UInt64
    /// In bytes, of all of them; where one holds another, that counts twice.
    public let retainedSize: UInt64
    /// Of the one that holds most.
    public let path: RetainingPath
}

/// All of a class, that which holds most first.
///
/// There may be as many as objects, of which few are told: a path is looked for when it is asked for.
public struct RetainerGroups: RandomAccessCollection, Sendable {
    struct Sum: Sendable {
        var count: UInt64 = 0
        var size: UInt64 = 0
        /// The object that holds most.
        var largest = 0
    }

    private let sums: [Sum]
    private let finder: PathFinder

    init(_ sums: [Sum], _ finder: PathFinder) {
        self.sums = sums
        self.finder = finder
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { sums.count }

    public subscript(position: Int) -> RetainerGroup {
        let sum = sums[position]
        return RetainerGroup(count: sum.count, retainedSize: sum.size, path: finder.path(to: sum.largest))
    }
}

/// Answers questions about single objects and classes.
public struct RetainerQuery: Sendable {
    private let analysis: HeapAnalysis
    private let retainers: Retainers
    private let finder: PathFinder

    public init(_ analysis: HeapAnalysis) throws(HeapAnalysis.OutOfMemory) {
        guard let retainers = Retainers(analysis.graph) else { throw HeapAnalysis.OutOfMemory() }
        self.analysis = analysis
        self.retainers = retainers
        finder = PathFinder(analysis, retainers)
    }

    public func path(to node: Int) -> RetainingPath { finder.path(to: node) }

    /// From the root down to the object: each is held by the one before alone.
    public func dominators(of node: Int) -> DominatorChain { DominatorChain(analysis, to: node) }

    /// What refers to an object, but for weak edges: the nearest to the roots first.
    public func direct(of node: Int) -> ReferenceList {
        let edges = retainers.edges(to: node)
            .filter { PackedEdge.type(analysis.graph.edge[Int($0)]) != EdgeType.weak.rawValue }
            .map { (edge: $0, source: UInt32(truncatingIfNeeded: retainers.source(ofEdge: Int($0)))) }
            .sorted {
                (analysis.distances[Int($0.source)], $0.source) < (analysis.distances[Int($1.source)], $1.source)
            }
        return ReferenceList(analysis, to: edges)
    }

    /// Groups of objects whose paths differ in numbers alone, of elements and of places in tables; that which holds most first.
    public func groups(_ nodes: [Int]) -> RetainerGroups {
        var sums: [[PathKey]: RetainerGroups.Sum] = [:]
        var known = KnownHops()
        for node in nodes {
            let key = key(of: node, &known)
            var sum = sums[key] ?? RetainerGroups.Sum(largest: node)
            sum.count += 1
            sum.size.addSaturating(analysis.tree.retainedSizes[node])
            if analysis.tree.retainedSizes[node] > analysis.tree.retainedSizes[sum.largest] { sum.largest = node }
            sums[key] = sum
        }
        return RetainerGroups(
            sums.values.sorted { ($1.size, $1.count, $0.largest) < ($0.size, $0.count, $1.largest) }, finder)
    }

    /// A step without what differs between objects that are held alike.
    private struct PathKey: Hashable {
        let type: UInt32
        /// 0 for numbers.
        let name: UInt32
        let sourceClass: UInt32
    }

    /// So many steps from the object tell how it is held.
    private static let keyLength = 12

    private func key(of node: Int, _ known: inout KnownHops) -> [PathKey] {
        finder.hops(to: node, atMost: Self.keyLength, &known).map { hop in
            let type = PackedEdge.type(analysis.graph.edge[hop.edge])
            return PathKey(
                type: type, name: analysis.graph.isNumbered(hop.edge) ? 0 : analysis.graph.edgeName[hop.edge],
                sourceClass: analysis.names.ofNode[hop.source])
        }
    }
}
