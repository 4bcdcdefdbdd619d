import HeapSnapshot

/// References of an object, or to it, in an order of their own.
///
/// There may be millions, of which few are looked at: the texts are made when they are asked for.
public struct ReferenceList: RandomAccessCollection, Sendable {
    private let analysis: HeapAnalysis
    private let edges: Edges

    private enum Edges: Sendable {
        case from(Range<Int>)
        case to([(edge: UInt32, source: UInt32)])
    }

    /// - Parameter edges: of one object, whose targets are told.
    init(_ analysis: HeapAnalysis, from edges: Range<Int>) {
        self.analysis = analysis
        self.edges = .from(edges)
    }

    /// - Parameter edges: to one object, with the nodes that they lead from, which are told.
    init(_ analysis: HeapAnalysis, to edges: [(edge: UInt32, source: UInt32)]) {
        self.analysis = analysis
        self.edges = .to(edges)
    }

    public var startIndex: Int { 0 }

    public var endIndex: Int {
        switch edges {
        case .from(let range): range.count
        case .to(let list): list.count
        }
    }

    public subscript(position: Int) -> HeapReference {
        switch edges {
        case .from(let range):
            let edge = range.lowerBound + position
            return reference(edge, PackedEdge.target(analysis.graph.edge[edge]))
        case .to(let list): return reference(Int(list[position].edge), Int(list[position].source))
        }
    }

    private func reference(_ edge: Int, _ node: Int) -> HeapReference {
        HeapReference(
            edge: analysis.text(ofEdge: edge),
            type: HeapReference.typeNames[Int(PackedEdge.type(analysis.graph.edge[edge]))],
            object: analysis.object(node))
    }
}
