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
        var found: PathVariable?
        for (step, part) in path.enumerated().dropFirst() {
            guard let edge = part.edge else { continue }
            let source = path[step - 1].node
            switch EdgeType(rawValue: PackedEdge.type(graph.edge[edge])) {
            case .internal where graph.type[source] == graph.types.closure:
                if graph.tag(ofEdge: edge) == .context { script = analysis.applicationScript(ofFunction: source) }
            case .context:
                guard let script else { continue }
                let name = HeapText.name(analysis.columns.strings[Int(graph.edgeName[edge])])
                found = PathVariable(step: step, name: name, script: script)
                // One that holds a function leads on to that one's variables.
                if graph.type[part.node] == graph.types.closure { continue }
                self = .init(step: step, name: name, script: script)
                return
            default: continue
            }
        }
        guard let found else { return nil }
        self = found
    }

    private init(step: Int, name: String, script: String) {
        (self.step, self.name, self.script) = (step, name, script)
    }
}

extension HeapAnalysis {
    /// - Returns: nil for a script of Node's, and where it has no name.
    fileprivate func applicationScript(ofFunction node: Int) -> String? {
        guard let shared = graph.internalTarget(of: node, where: { $0 == .shared }),
            let script = graph.internalTarget(of: shared, where: { $0 == .script }),
            graph.type[script] == graph.types.code
        else { return nil }
        let name = columns.strings[Int(graph.name[script])]
        let isOthers = ["system / ", "node:", "evalmachine."].contains { name.starts(with: $0.utf8) }
        return name.isEmpty || isOthers ? nil : HeapText.name(name)
    }
}
