import HeapSnapshot

/// How an object is reached from a root.
public struct RetainingPath: Sendable, Equatable {
    public struct Step: Sendable, Equatable {
        /// How the step before refers to this one; nil for the first.
        public let edge: String?
        public let object: HeapObject
        /// How many steps alike follow that are left out.
        public var omitted: UInt64 = 0
    }

    /// From the root to the object. Without the root itself where the application's objects begin.
    public let steps: [Step]
}

/// Finds shortest paths.
struct PathFinder {
    private let analysis: HeapAnalysis
    private let retainers: Retainers

    /// Long chains are told by their ends.
    private static let mostSteps = 40

    init(_ analysis: HeapAnalysis, _ retainers: Retainers) {
        self.analysis = analysis
        self.retainers = retainers
    }

    /// The edges from the root to a node on a shortest path, the last first; empty where nothing leads to it.
    func edges(to node: Int, atMost limit: Int = .max) -> [Int] {
        var edges: [Int] = []
        var current = node
        while edges.count < limit, current != HeapGraph.root, let edge = nearestEdge(to: current) {
            edges.append(edge)
            let source = retainers.source(ofEdge: edge)
            // The application's roots are where people begin to read; the root holds them in ways of V8's own.
            if source == HeapGraph.root { break }
            current = source
        }
        return edges
    }

    func path(to node: Int) -> RetainingPath {
        let edges = Array(edges(to: node).reversed())
        guard let first = edges.first else {
            return RetainingPath(steps: [.init(edge: nil, object: analysis.object(node))])
        }
        let source = retainers.source(ofEdge: first)
        var nodes: [(edge: Int?, node: Int)] = []
        let isUserRoot = source == HeapGraph.root && analysis.graph.isUserRoot(target(of: first))
        if !isUserRoot { nodes.append((nil, source)) }
        for (place, edge) in edges.enumerated() {
            nodes.append((place == 0 && isUserRoot ? nil : edge, target(of: edge)))
        }
        return RetainingPath(steps: condensed(nodes))
    }

    private func target(of edge: Int) -> Int { PackedEdge.target(analysis.graph.edge[edge]) }

    /// An edge from a node that is one nearer to the roots. Among several, what a program names is told first.
    private func nearestEdge(to node: Int) -> Int? {
        let distance = analysis.distances[node]
        guard distance != Distances.unreachable else { return nil }
        var best: Int?
        var bestRank = Int.max
        for edge in retainers.edges(to: node) {
            let index = Int(edge)
            let type = PackedEdge.type(analysis.graph.edge[index])
            if type == EdgeType.weak.rawValue { continue }
            let source = retainers.source(ofEdge: index)
            let isNearer =
                source == HeapGraph.root
                ? distance == 1 || distance == Distances.systemBase + 1 : analysis.distances[source] == distance - 1
            guard isNearer, source != node else { continue }
            let rank = Self.rank(EdgeType(rawValue: type) ?? .other)
            if rank < bestRank { (best, bestRank) = (index, rank) }
            if rank == 0 { break }
        }
        return best
    }

    private static func rank(_ type: EdgeType) -> Int {
        switch type {
        case .property, .shortcut: 0
        case .context: 1
        case .element: 2
        case .internal: 3
        default: 4
        }
    }

    /// Of many steps alike, one after the other, the first and how many more there are.
    private func condensed(_ nodes: [(edge: Int?, node: Int)]) -> [RetainingPath.Step] {
        guard nodes.count > Self.mostSteps else { return nodes.map { step($0.edge, $0.node) } }
        let head = Self.mostSteps / 2
        var steps: [RetainingPath.Step] = nodes.prefix(head).map { step($0.edge, $0.node) }
        if !steps.isEmpty { steps[steps.count - 1].omitted = UInt64(nodes.count - Self.mostSteps) }
        return steps + nodes.suffix(Self.mostSteps - head).map { step($0.edge, $0.node) }
    }

    private func step(_ edge: Int?, _ node: Int) -> RetainingPath.Step {
        RetainingPath.Step(edge: edge.map(analysis.text(ofEdge:)), object: analysis.object(node))
    }
}
