import HeapSnapshot

/// The single objects that most memory hangs on.
///
/// Where each holds nearly all of what its holder does, one of them is told: the last, for the others only pass on what that one holds; of
/// a list or a tree the first, for what its links hold fades from one to the next.
struct BiggestObjects {
    private let analysis: HeapAnalysis
    private var largest: LargestNodes
    /// Nodes of ways that have been gone.
    private let isJudged: BitColumn
    /// Heads of lists and trees that were told, and of their parts those that a way which is still to be gone may hang on.
    private var listed: Set<Int> = []

    /// Of one class with one of its holders so near: a part of that one's list or tree, not its beginning.
    private static let nearestOfClass = 24

    /// The largest first, without V8's own roots and stores.
    /// - Parameter holders: of suspects, which are among them wherever they hang.
    /// - Returns: nil where there is no memory.
    static func find(_ analysis: HeapAnalysis, count: Int, holders: [Int]) -> [Int]? {
        guard let isJudged = BitColumn(count: analysis.graph.nodeCount) else { return nil }
        let largest = LargestNodes(count, from: 1, analysis.tree.retainedSizes)
        var search = BiggestObjects(analysis: analysis, largest: largest, isJudged: isJudged)
        search.run()
        for holder in Set(holders).subtracting(search.largest.nodes).sorted()
        where !analysis.isStore(holder) && analysis.distances[holder] >= Distances.systemBase {
            search.largest.offer(holder)
        }
        return search.largest.nodes
    }

    private mutating func run() {
        for node in 1..<max(analysis.graph.nodeCount, 1)
        where analysis.tree.retainedSizes[node] >= largest.leastSize && !isJudged[node] && isObject(node) {
            var start = node
            while start != HeapGraph.root, analysis.holdsNearlyAll(start, of: holder(of: start)) {
                start = holder(of: start)
            }
            judge(from: start)
        }
    }

    /// Goes down a way, each node of which holds nearly all of what the one before does.
    private mutating func judge(from start: Int) {
        var way: [Int] = []
        var next: Int? = start
        while let node = next {
            isJudged.set(node)
            if isObject(node) { way.append(node) }
            next = heir(of: node)
        }
        let list = ListHead(way, analysis)
        // Of several that hold nearly the same, the first and the last.
        var candidate: (first: Int, last: Int)?
        for node in way.prefix(list.map { $0.place + 1 } ?? way.count) {
            if let before = candidate, !analysis.holdsNearlyAll(node, of: before.first) {
                offer(before.last)
                candidate = nil
            }
            candidate = (candidate?.first ?? node, node)
        }
        guard let candidate else { return }
        let isPart = !offer(candidate.last)
        // What comes below the way's end are parts, too.
        if list != nil || isPart { listed.formUnion([candidate.last] + way.suffix(Self.nearestOfClass)) }
    }

    /// - Returns: whether it is no part of a list or tree that has been told.
    @discardableResult
    private mutating func offer(_ node: Int) -> Bool {
        let names = analysis.names
        var above = node
        for _ in 0..<Self.nearestOfClass where above != HeapGraph.root {
            above = holder(of: above)
            if names.ofNode[above] == names.ofNode[node], listed.contains(above) {
                return false
            }
        }
        largest.offer(node)
        return true
    }

    private func isObject(_ node: Int) -> Bool {
        let (type, types) = (analysis.graph.type[node], analysis.graph.types)
        return type != types.synthetic && !analysis.isStore(node) && analysis.distances[node] > 1
            && analysis.distances[node] < Distances.systemBase
    }

    private func heir(of node: Int) -> Int? {
        analysis.tree.children(of: node).first { analysis.holdsNearlyAll($0, of: node) }
    }

    private func holder(of node: Int) -> Int { Int(analysis.tree.dominators[node]) }
}
