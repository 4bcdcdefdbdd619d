import HeapSnapshot

/// Where on a path a person can begin to look: a variable of the application's, in a file of its own. What leads there, such as Node's
/// list of timers, is V8's and Node's way to it.
public struct PathVariable: Sendable, Equatable {
    /// The place in `RetainingPath.steps` of what the variable holds.
    public let step: Int
    public let name: String
    /// As V8 names it: a path or a URL.
    public let script: String

    /// - Parameter path: nodes from the root on, each with the edge that leads to it.
    init?(_ path: [(edge: Int?, node: Int)], _ analysis: HeapAnalysis) {
        let graph = analysis.graph
        var script: String?
        var found: (step: Int, edge: Int, script: String)?
        for (step, part) in path.enumerated().dropFirst() {
            guard let edge = part.edge else { continue }
            let source = path[step - 1].node
            switch EdgeType(rawValue: PackedEdge.type(graph.edge[edge])) {
            case .internal where graph.type[source] == graph.types.closure && graph.tag(ofEdge: edge) == .context:
                script = analysis.applicationScript(ofFunction: source)
            case .context: found = script.map { (step, edge, $0) } ?? found
            default: continue
            }
            // A variable that holds a function leads on to that one's variables.
            if found?.step == step, graph.type[part.node] != graph.types.closure { break }
        }
        guard let found else { return nil }
        step = found.step
        name = HeapText.name(analysis.columns.strings[Int(graph.edgeName[found.edge])])
        self.script = found.script
    }
}

extension HeapAnalysis {
    /// - Returns: nil for a script of Node's, and where it has no name.
    fileprivate func applicationScript(ofFunction node: Int) -> String? {
        guard let name = functionScripts.withLock({ $0.name(ofFunction: node) }) else { return nil }
        let text = columns.strings[Int(name)]
        let isOthers = ["system / ", "node:", "evalmachine."].contains { text.starts(with: $0.utf8) }
        return text.isEmpty || isOthers ? nil : HeapText.name(text)
    }
}
