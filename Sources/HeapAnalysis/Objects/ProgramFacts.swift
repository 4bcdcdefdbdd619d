import HeapSnapshot

/// What a heap says of its program, in Node's `process` object.
public struct ProgramFacts: Sendable, Equatable {
    /// Path of the main script, `process.argv[1]`.
    public let script: String?
    /// Name and version, such as "Node v22.20.0"; of Bun and Deno their own.
    public let runtime: String?

    // Anybody may make objects of that name, with any number of properties.
    private static let mostCandidates = 64
    private static let mostEdges = 10_000
}

extension HeapAnalysis {
    /// - Returns: nil if the heap has no such object.
    public func programFacts() -> ProgramFacts? { ProgramFacts(self) }
}

extension ProgramFacts {
    init?(_ analysis: HeapAnalysis) {
        let graph = analysis.graph
        let name = Array("process".utf8)
        let names = Set(
            (0..<graph.columns.strings.count).filter { graph.columns.strings[$0].elementsEqual(name) }.map(UInt32.init))
        guard !names.isEmpty else { return nil }
        var candidates = 0
        for node in 0..<graph.nodeCount where graph.type[node] == graph.types.object && names.contains(graph.name[node])
        {
            candidates += 1
            guard candidates <= Self.mostCandidates else { break }
            // The prototype has the same name, and none of these properties.
            guard let list = Self.target(of: node, "argv", graph) else { continue }
            let script = Self.element(1, of: list, graph).flatMap { Self.string($0, analysis) }
            let runtime = Self.runtime(node, analysis)
            if script != nil || runtime != nil {
                (self.script, self.runtime) = (script, runtime)
                return
            }
        }
        return nil
    }

    /// Bun and Deno call themselves Node where programs ask for its version.
    private static func runtime(_ process: Int, _ analysis: HeapAnalysis) -> String? {
        if let versions = target(of: process, "versions", analysis.graph) {
            for (key, name) in [("bun", "Bun"), ("deno", "Deno")] {
                if let node = target(of: versions, key, analysis.graph), let version = string(node, analysis) {
                    return "\(name) \(version)"
                }
            }
        }
        return target(of: process, "version", analysis.graph).flatMap { string($0, analysis) }.map { "Node \($0)" }
    }

    private static func target(of node: Int, _ property: String, _ graph: HeapGraph) -> Int? {
        first(of: node, graph) { index in
            PackedEdge.type(graph.edge[index]) == EdgeType.property.rawValue
                && graph.columns.strings[Int(graph.edgeName[index])].elementsEqual(property.utf8)
        }
    }

    private static func element(_ number: UInt32, of node: Int, _ graph: HeapGraph) -> Int? {
        first(of: node, graph) { index in
            PackedEdge.type(graph.edge[index]) == EdgeType.element.rawValue && graph.edgeName[index] == number
        }
    }

    private static func first(of node: Int, _ graph: HeapGraph, where matches: (Int) -> Bool) -> Int? {
        graph.edges(of: node).prefix(mostEdges).first(where: matches).map { PackedEdge.target(graph.edge[$0]) }
    }

    private static func string(_ node: Int, _ analysis: HeapAnalysis) -> String? {
        guard analysis.graph.types.isString(analysis.graph.type[node]) else { return nil }
        let text = analysis.objectNames.shownName(of: node)
        return text.isEmpty ? nil : text
    }
}
