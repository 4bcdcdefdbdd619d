import HeapSnapshot

/// All nodes and edges of a heap in the order of their ids, for a program that copies them elsewhere.
public struct HeapRows {
    public struct Node {
        public let id: UInt64
        /// A place in `nodeTypeNames`.
        public let type: Int
        /// In bytes.
        public let shallowSize, retainedSize: UInt64
        public let distance: Int32
        /// The id of the immediate dominator; nil for the root.
        public let dominatorID: UInt64?
    }

    public struct Edge {
        public let sourceID, targetID: UInt64
        /// A place in `edgeTypeNames`.
        public let type: Int
        public let name: Name

        public enum Name {
            /// Of an element or a hidden edge.
            case number(UInt32)
            case text(UnsafeBufferPointer<UInt8>)
        }
    }

    public static let edgeTypeNames = HeapReference.typeNames
    public let nodeTypeNames: [String]
    public var nodeCount: Int { graph.nodeCount }
    public var edgeCount: Int { graph.edgeCount }

    private let analysis: HeapAnalysis
    private var graph: HeapGraph { analysis.graph }
    /// Ordinals.
    private let order: Column<UInt32>

    public init(_ analysis: HeapAnalysis) throws(HeapAnalysis.OutOfMemory) {
        let count = analysis.graph.nodeCount
        guard MemoryGuard.shared.admits(count * 4),
            let order = Column<UInt32>(count: count, isPopulated: true, isZero: false)
        else { throw HeapAnalysis.OutOfMemory() }
        for node in 0..<count { order.base[node] = UInt32(truncatingIfNeeded: node) }
        let columns = analysis.columns
        var nodes = UnsafeMutableBufferPointer(start: order.base, count: count)
        nodes.sort { columns.id(Int($0)) < columns.id(Int($1)) }
        self.order = order
        self.analysis = analysis
        nodeTypeNames = columns.nodeTypeNames.map { HeapText.readable(HeapText.name(Array($0.utf8))) }
    }

    /// - Parameter body: gets each node with its name and its class, in UTF-8, which are valid within. It returns whether to continue.
    public func forEachNode(
        _ body: (Node, _ name: UnsafeBufferPointer<UInt8>, _ className: UnsafeBufferPointer<UInt8>) -> Bool
    ) {
        for place in 0..<nodeCount {
            let node = Int(order.base[place])
            let row = Node(
                id: analysis.columns.id(node), type: analysis.columns.typeNumber(node),
                shallowSize: analysis.columns.selfSize(node), retainedSize: analysis.retainedSize(node),
                distance: analysis.distances[node],
                dominatorID: node == HeapGraph.root
                    ? nil : analysis.columns.id(Int(analysis.tree.dominators.base[node])))
            let goesOn = analysis.objectNames.withShownName(of: node) { name in
                analysis.names.withName(of: Int(analysis.names.ofNode.base[node])) { className in
                    HeapText.withUnicode(className) { body(row, name, $0) }
                }
            }
            if !goesOn { return }
        }
    }

    /// - Parameter body: gets each edge, its name in UTF-8, which is valid within. It returns whether to continue.
    public func forEachEdge(_ body: (Edge) -> Bool) {
        for place in 0..<nodeCount {
            let node = Int(order.base[place])
            let source = analysis.columns.id(node)
            for index in graph.edges(of: node) {
                let (edge, name) = (graph.edge[index], graph.edgeName[index])
                let type = PackedEdge.type(edge)
                let target = analysis.columns.id(PackedEdge.target(edge))
                func row(_ name: Edge.Name) -> Edge {
                    Edge(sourceID: source, targetID: target, type: Int(type), name: name)
                }
                let goesOn =
                    HeapGraph.hasStringName(type)
                    ? HeapText.withUnicode(analysis.columns.strings[Int(name)]) { body(row(.text($0))) }
                    : body(row(.number(name)))
                if !goesOn { return }
            }
        }
    }
}
