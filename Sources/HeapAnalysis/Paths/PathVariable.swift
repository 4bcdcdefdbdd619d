import HeapSnapshot

/// Where on a path a person can begin to look: a variable of the application's, in a file of its own. What leads there, such as Node's
/// list of timers, is V8's and Node's way to it.
public struct PathVariable: Sendable, Equatable {
    /// The place in `RetainingPath.steps` of what the variable holds.
    public let step: Int
    public let name: String
    /// As V8 names it: a path or a URL.
    public let script: String
    /// Whether it is what an ES module exports, by the name that others import.
    public let isExport: Bool

    /// - Parameter path: nodes from the root on, each with the edge that leads to it.
    init?(_ path: [(edge: Int?, node: Int)], _ analysis: HeapAnalysis) {
        let graph = analysis.graph
        var script: String?
        var found: (step: Int, name: UInt32, script: String, isExport: Bool)?
        for (step, part) in path.enumerated().dropFirst() {
            guard let edge = part.edge else { continue }
            let source = path[step - 1].node
            switch EdgeType(rawValue: PackedEdge.type(graph.edge[edge])) {
            case .internal where graph.type[source] == graph.types.closure && graph.tag(ofEdge: edge) == .context:
                script = analysis.applicationScript(ofFunction: source)
            case .context: found = script.map { (step, graph.edgeName[edge], $0, false) } ?? found
            case .internal where graph.tag(ofNode: source) == .cell && graph.tag(ofEdge: edge) == .value:
                guard let (name, script) = analysis.export(of: source) else { continue }
                found = (step, name, script, true)
            default: continue
            }
            // A variable that holds a function leads on to that one's variables.
            if found?.step == step, graph.type[part.node] != graph.types.closure { break }
        }
        guard let found else { return nil }
        step = found.step
        name = HeapText.name(analysis.columns.strings[Int(found.name)])
        self.script = found.script
        isExport = found.isExport
    }
}

extension HeapAnalysis {
    /// - Returns: nil for a script of Node's, and where it has no name.
    fileprivate func applicationScript(ofFunction node: Int) -> String? {
        guard let name = functionScripts.withLock({ $0.name(ofFunction: node) }) else { return nil }
        let text = columns.strings[Int(name)]
        let isOthers = ["node:", "evalmachine."].contains { text.starts(with: $0.utf8) }
        return text.isEmpty || isOthers ? nil : HeapText.name(text)
    }

    /// The name under which an ES module exports what a cell holds, and the module's script.
    fileprivate func export(of cell: Int) -> (name: UInt32, script: String)? {
        moduleExports.withLock { known in
            let exports = known ?? ModuleExports(graph)
            known = exports
            return exports[cell].flatMap { export in
                exports.function(of: export.module).flatMap(applicationScript(ofFunction:)).map { (export.name, $0) }
            }
        }
    }
}
