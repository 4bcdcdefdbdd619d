/// Who alone holds an object, who alone holds that one, and so on, from the root down.
///
/// Of a list it is as long as that: the objects' texts are made when they are asked for.
public struct DominatorChain: RandomAccessCollection, Sendable {
    private let analysis: HeapAnalysis
    private let nodes: [UInt32]

    init(_ analysis: HeapAnalysis, to node: Int) {
        var chain = [UInt32(truncatingIfNeeded: node)]
        while let last = chain.last, last != HeapGraph.root { chain.append(analysis.tree.dominators[Int(last)]) }
        self.analysis = analysis
        nodes = chain.reversed()
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { nodes.count }
    public subscript(position: Int) -> HeapObject { analysis.object(Int(nodes[position])) }
}
