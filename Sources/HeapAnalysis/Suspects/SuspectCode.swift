import HeapSnapshot

/// The function that is behind a suspect: of functions themselves, or what timers, listeners and promises call.
public struct SuspectCode: Sendable {
    /// Empty for one without a name.
    public let function: String
    public let place: CodePlace
    /// Of the objects that were looked at, those that have this one: more than half.
    public let count: UInt64
    /// How many were looked at: all, unless there are very many.
    public let examined: UInt64
    /// How many there are.
    public let total: UInt64

    /// Whether all of the suspect's objects have this one.
    public var isOfAll: Bool { count == total }
    /// Whether all were looked at.
    public var isExact: Bool { examined == total }
}

/// Finds it: what objects lead to functions of the application's, and which function most of them lead to.
struct SuspectCodeSearch {
    private let analysis: HeapAnalysis
    private let nodesOwn: NodesOwn

    /// Classes that are made to call something.
    static let callers: Set<String> = ["Function", "Timeout", "Immediate", "Listener", "Promise"]
    /// From a promise over its reaction and what waits in an async function to that function.
    private static let mostSteps = 5
    private static let mostNodes = 64
    /// Of one that refers to the same objects again and again.
    private static let mostEdges = 4096

    init(_ analysis: HeapAnalysis, _ nodesOwn: NodesOwn) {
        (self.analysis, self.nodesOwn) = (analysis, nodesOwn)
    }

    /// - Parameter suspects: of each, some of its objects, and how many there are.
    /// - Returns: for each suspect; nil where it calls nothing, or nothing of the application's.
    func codes(_ suspects: [(className: String, parts: [Int], count: UInt64)]) -> [SuspectCode?] {
        let functions = suspects.map { suspect in
            Self.callers.contains(suspect.className) ? suspect.parts.compactMap(function(of:)) : []
        }
        return zip(suspects, functions).map { suspect, functions in
            var counts: [ScriptLocation: (count: Int, first: Int)] = [:]
            for function in functions {
                guard let location = analysis.location(ofFunction: function) else { continue }
                counts[location, default: (0, function)].count += 1
            }
            let most = counts.max { ($0.value.count, $1.value.first) < ($1.value.count, $0.value.first) }
            guard let most, most.value.count > suspect.parts.count / 2 else { return nil }
            return SuspectCode(
                function: HeapText.name(analysis.columns.strings[Int(analysis.graph.name[most.value.first])]),
                place: CodePlace(location: most.key, script: analysis.scripts[most.key.scriptID]),
                count: UInt64(most.value.count), examined: UInt64(suspect.parts.count),
                total: suspect.count)
        }
    }

    /// What calls a function of the application's, by the place of that function: the most first.
    func byPlace(_ parts: [Int]) -> [[Int]] {
        var places: [ScriptLocation: [Int]] = [:]
        for part in parts {
            guard let location = function(of: part).flatMap(analysis.location(ofFunction:)) else { continue }
            places[location, default: []].append(part)
        }
        return places.values.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }
    }

    /// The code of some objects that call something.
    func code(of parts: [Int], total: UInt64) -> SuspectCode? {
        parts.isEmpty ? nil : codes([("Function", parts, total)])[0]
    }

    /// The nearest of the application's that an object leads to by what it calls; itself where it is one.
    private func function(of part: Int) -> Int? {
        if nodesOwn.isApplications(part) { return part }
        let graph = analysis.graph
        var seen: Set<Int> = [part]
        var row = [part]
        var edges = 0
        for _ in 0...Self.mostSteps where !row.isEmpty {
            if let function = row.first(where: { nodesOwn.isApplications($0) }) { return function }
            var next: [Int] = []
            for node in row {
                for index in graph.edges(of: node) where graph.leadsToOwn(index, variables: true) {
                    edges += 1
                    guard edges <= Self.mostEdges else { break }
                    let target = PackedEdge.target(graph.edge[index])
                    // The next timer in Node's list calls something else.
                    if graph.tag(ofNode: target) == .timeout { continue }
                    guard seen.count < Self.mostNodes else { break }
                    if seen.insert(target).inserted { next.append(target) }
                }
            }
            row = next
        }
        return nil
    }
}
