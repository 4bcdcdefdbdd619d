import HeapSnapshot

/// The variables that share a suspect's objects, if none of them alone holds these: a context of V8's does, which nobody knows by a name.
public struct SharedScope: Sendable, Equatable {
    /// The first of those that lead to the objects.
    public let variables: [String]
    /// How many more do.
    public let moreCount: Int
    /// As V8 names it: a path or a URL; nil where that is not known.
    public let script: String?

    private static let mostVariables = 3
    /// From a variable to the objects: an array's store is one, and what an object of a class has in its list some more.
    private static let mostSteps = 5
    /// References that are looked at for all variables together.
    private static let mostEdges = 500_000

    /// - Parameters:
    ///   - context: what holds the objects.
    ///   - path: to that.
    ///   - isPart: whether a node is one of the objects.
    /// - Returns: nil where there are not several, and where it would take too long to tell.
    init?(_ context: Int, _ path: RetainingPath, _ analysis: HeapAnalysis, isPart: (Int) -> Bool) {
        let graph = analysis.graph
        guard graph.tag(ofNode: context) == .functionContext else { return nil }
        var names: [UInt32] = []
        // One object under several names is looked through once.
        var known: [Int: Bool] = [:]
        var edgesLeft = Self.mostEdges
        for index in graph.edges(of: context) where PackedEdge.type(graph.edge[index]) == EdgeType.context.rawValue {
            let target = PackedEdge.target(graph.edge[index])
            let leads = known[target] ?? Self.leads(from: target, graph, isPart, &edgesLeft)
            known[target] = leads
            if leads { names.append(graph.edgeName[index]) }
        }
        guard names.count > 1, edgesLeft > 0 else { return nil }
        variables = names.prefix(Self.mostVariables).map { HeapText.name(analysis.columns.strings[Int($0)]) }
        moreCount = names.count - variables.count
        // What leads to a scope in another way than a function's may be of any file.
        let holder = path.steps.last { graph.tag(ofNode: $0.object.ordinal) != .functionContext }?.object
        script = holder?.script ?? Self.function(in: context, graph).flatMap(analysis.codePlace)?.script
    }

    /// A function that has the variables: the stack may hold them, which says nothing of whose they are.
    private static func function(in context: Int, _ graph: HeapGraph) -> Int? {
        (0..<graph.nodeCount).first { node in
            graph.type[node] == graph.types.closure
                && graph.internalTarget(of: node, where: { $0 == .context }) == context
        }
    }

    private static func leads(
        from variable: Int, _ graph: HeapGraph, _ isPart: (Int) -> Bool, _ edgesLeft: inout Int
    ) -> Bool {
        if isPart(variable) { return true }
        var seen: Set<Int> = [variable]
        var row = [variable]
        for _ in 0..<mostSteps where !row.isEmpty {
            var next: [Int] = []
            for node in row {
                // Not back to the variables of which it is one.
                for index in graph.edges(of: node) where graph.leadsToOwn(index, variables: false) {
                    let target = PackedEdge.target(graph.edge[index])
                    if isPart(target) { return true }
                    edgesLeft -= 1
                    guard edgesLeft > 0 else { return false }
                    if seen.insert(target).inserted { next.append(target) }
                }
            }
            row = next
        }
        return false
    }
}
