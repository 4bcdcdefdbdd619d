import HeapSnapshot

/// The scripts of functions.
///
/// Many functions may share what leads to their script, and that may have any number of edges: each node is looked through once.
struct FunctionScripts {
    private let graph: HeapGraph
    private var known: [Int: Int?] = [:]

    init(_ graph: HeapGraph) {
        self.graph = graph
    }

    /// - Returns: a string of the document, empty for a script without a name; nil where the node is no function, and where its script
    ///   is not known.
    mutating func name(ofFunction node: Int) -> UInt32? {
        guard graph.type[node] == graph.types.closure, let shared = target(of: node, .shared),
            graph.type[shared] != graph.types.closure, let script = target(of: shared, .script),
            // With a debugger attached there is something in between.
            graph.type[script] == graph.types.code
        else { return nil }
        // V8 calls what is no script by what it is.
        let isNamed = !graph.columns.strings[Int(graph.name[script])].starts(with: "system / ".utf8)
        return isNamed ? graph.name[script] : nil
    }

    private mutating func target(of node: Int, _ tag: TextTag) -> Int? {
        if let known = known[node] { return known }
        let target = graph.internalTarget(of: node, where: { $0 == tag })
        known[node] = .some(target)
        return target
    }
}
