import HeapSnapshot

/// How an object is reached from a root; in JSON, its steps.
public struct RetainingPath: Encodable, Sendable, Equatable {
    public struct Step: Encodable, Sendable, Equatable {
        /// How the step before refers to this one; nil for the first.
        public let edge: String?
        public let object: HeapObject
        /// How many steps follow that are left out; nil for none.
        public var omitted: UInt64?
    }

    /// From the root to the object. Without the root itself where the application's objects begin.
    public let steps: [Step]
    /// nil where no variable of the application's is among the steps.
    public let variable: PathVariable?
    /// Of how many steps those that are left out repeat the ones before, as the links of a list do; nil where they do not.
    public let cycle: Int?

    /// The place in `steps` of the application's global object; nil if the path does not begin with it.
    public var globalStep: Int? {
        // Node 26 has it below the context that it belongs to.
        if steps.count > 1, steps[1].edge == "{global_object}" { return 1 }
        return steps.first.map { $0.object.class == "global" || $0.object.isHiddenGlobal } == true ? 0 : nil
    }

    /// What programs call it; nil if the path does not begin with it.
    public var globalName: String? { globalStep.map { steps[$0].object.isHiddenGlobal ? "globalThis" : "global" } }

    /// The property of the global object that holds the rest of the path, such as `.cache`; nil if the path begins elsewhere, or goes
    /// through a function's variables, since then the property does not say who holds it.
    public var globalProperty: String? {
        guard let place = globalStep, place + 1 < steps.count, let edge = steps[place + 1].edge,
            !edge.hasPrefix("{"), !steps.contains(where: { $0.edge == "{context}" })
        else { return nil }
        return edge
    }

    init(steps: [Step], variable: PathVariable?, cycle: Int?) {
        (self.steps, self.variable, self.cycle) = (steps, variable, cycle)
    }

    public func encode(to encoder: any Encoder) throws { try steps.encode(to: encoder) }

    /// The path without its last steps; nil if no step would be left.
    public func dropLast(_ count: Int) -> RetainingPath? {
        guard count < steps.count else { return nil }
        let rest = steps.dropLast(count)
        return RetainingPath(
            steps: Array(rest), variable: variable.flatMap { $0.step < rest.count ? $0 : nil }, cycle: cycle)
    }

    /// Long chains are told by their ends.
    private static let mostSteps = 40
    /// A cycle of a list or a tree: `.next`, `.prev.back`.
    public static let longestCycle = 3

    /// - Parameter hops: the last first; none for an object that nothing leads to.
    init(to node: Int, _ hops: [Hop], _ analysis: HeapAnalysis) {
        guard let first = hops.last else {
            steps = [Step(edge: nil, object: analysis.object(node))]
            (variable, cycle) = (nil, nil)
            return
        }
        // The application's roots are where people begin to read; the root holds them in ways of V8's own.
        let target = PackedEdge.target(analysis.graph.edge[first.edge])
        let isUserRoot = first.source == HeapGraph.root && analysis.graph.isUserRoot(target)
        var nodes: [(edge: Int?, node: Int)] = isUserRoot ? [] : [(nil, first.source)]
        for (place, hop) in hops.reversed().enumerated() {
            nodes.append((place == 0 && isUserRoot ? nil : hop.edge, PackedEdge.target(analysis.graph.edge[hop.edge])))
        }
        func step(_ part: (edge: Int?, node: Int)) -> Step {
            Step(edge: part.edge.map(analysis.text(ofEdge:)), object: analysis.object(part.node))
        }
        let found = PathVariable(nodes, analysis)
        guard nodes.count > Self.mostSteps else {
            steps = nodes.map(step)
            (variable, cycle) = (found, nil)
            return
        }
        let head = Self.mostSteps / 2
        // One that is left out, or comes after what is, is not where the path begins.
        variable = found.flatMap { $0.step < head ? $0 : nil }
        let edges = nodes.map { $0.edge.map { analysis.graph.pathLabel(ofEdge: $0, isDictionary: false) } }
        cycle = (1...Self.longestCycle).first { length in
            (head..<edges.count - Self.mostSteps + head).allSatisfy { edges[$0] == edges[$0 - length] }
        }
        var start = nodes.prefix(head).map(step)
        start[head - 1].omitted = UInt64(nodes.count - Self.mostSteps)
        steps = start + nodes.suffix(Self.mostSteps - head).map(step)
    }
}

/// One edge of a path, and the node that it leads from.
struct Hop {
    let edge: Int
    let source: Int

    /// Which of several edges to tell first: what a program names.
    static func rank(_ type: UInt32) -> Int {
        switch EdgeType(rawValue: type) {
        case .property, .shortcut: bestRank
        case .context: 1
        case .element: 2
        case .internal: 3
        default: 4
        }
    }

    static let bestRank = 0

    /// Whether a node is one nearer to the roots than another.
    @inline(__always)
    static func isNearer(_ source: Int, than distance: Int32, _ distances: Distances) -> Bool {
        source == HeapGraph.root
            ? distance == 1 || distance == Distances.systemBase + 1 : distances[source] == distance - 1
    }
}
