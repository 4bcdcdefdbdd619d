import HeapSnapshot

/// Objects that repeat down the tree of dominators, each below one of its own class: the links of a list, or a tree.
///
/// No single one of them is large for what its holder holds, and each holds nearly all of what the one before does: what they are shows at
/// the first alone.
struct Recursion {
    let head: Int
    /// Of the head's class, those on the way from the head down to the last along what holds most.
    let length: Int
    let last: Int
    /// From the head to the next of its class, that included.
    let cycle: [Int]

    /// Between two of one class: a promise's handlers are in records of V8's, and several classes may follow each other in no order.
    static let longestCycle = 24
    private static let leastLength = 5
    /// What every program nests: a few levels of plain objects are no list.
    private static let leastOfCategory = 16
    /// What holds less than this part of its holder is no branch of a tree.
    private static let leastBranch: UInt64 = 64

    /// - Returns: nil where the node's class does not repeat below it.
    init?(from head: Int, _ analysis: HeapAnalysis) {
        guard let found = Walk(from: head, analysis) else { return nil }
        // What leads to a list may be of its links' class by chance: a callback that leads to a chain of functions.
        if found.beginsOtherwise(analysis), let later = Walk(from: found.ends[0], analysis) {
            self.init(later)
        } else {
            self.init(found)
        }
    }

    private init(_ walk: Walk) {
        (head, length, last, cycle) = (walk.head, walk.length, walk.last, walk.cycles[0])
    }

    private struct Walk {
        let head: Int
        private(set) var length = 1
        private(set) var last: Int
        /// The first few: what is between a link and the next, that included.
        private(set) var cycles: [[Int]] = []

        /// The ends of these.
        var ends: [Int] { cycles.compactMap(\.last) }

        /// Where classes follow each other in no order, some are alike by chance.
        private static let mostCycles = 6

        init?(from head: Int, _ analysis: HeapAnalysis) {
            self.head = head
            last = head
            let index = analysis.names.ofNode[head]
            let isV8s = analysis.isV8s(classIndex: Int(index))
            var node = head
            var gap: [Int] = []
            while gap.count < Recursion.longestCycle, let next = Recursion.largestChild(of: node, analysis) {
                node = next
                gap.append(next)
                guard analysis.names.ofNode[next] == index else {
                    // It is between objects that people know, the first of which is the head.
                    if isV8s, length < Recursion.leastOfCategory,
                        !analysis.isCategory(classIndex: Int(analysis.names.ofNode[next]))
                    {
                        return nil
                    }
                    continue
                }
                if cycles.count < Self.mostCycles { cycles.append(gap) }
                length += 1
                last = next
                gap.removeAll(keepingCapacity: true)
            }
            guard length >= Recursion.leastLength else { return nil }
            guard length >= Recursion.leastOfCategory || !analysis.isCategory(classIndex: Int(index)) else {
                return nil
            }
        }

        /// Whether the first link leads on in another way than the next ones, and holds hardly more than they do.
        func beginsOtherwise(_ analysis: HeapAnalysis) -> Bool {
            guard cycles.count == Self.mostCycles else { return false }
            let sizes = analysis.tree.retainedSizes
            let texts = zip([head] + ends, cycles).map { Recursion.edges(from: $0, $1, analysis) }
            return texts[0] != texts[1] && texts.dropFirst().allSatisfy { $0 == texts[1] }
                && Double(sizes[ends[0]]) >= 0.95 * Double(sizes[head])
        }
    }

    private static func largestChild(of node: Int, _ analysis: HeapAnalysis) -> Int? {
        let sizes = analysis.tree.retainedSizes
        var largest: (node: Int, size: UInt64)?
        for child in analysis.tree.children(of: node) where sizes[child] > largest?.size ?? 0 {
            largest = (child, sizes[child])
        }
        guard let largest, largest.size >= sizes[node] / leastBranch else { return nil }
        return largest.node
    }

    /// What follows the last link, and is no link in the tree of dominators because something else holds it too: a variable that has the
    /// end of a chain, to which the program adds.
    func tail(_ analysis: HeapAnalysis) -> Int? {
        let graph = analysis.graph
        var seen: Set<Int> = [last]
        var row = [last]
        for _ in cycle where !row.isEmpty {
            var next: [Int] = []
            for node in row {
                for index in graph.edges(of: node) where leadsOn(index, graph) {
                    let target = PackedEdge.target(graph.edge[index])
                    guard seen.count < Self.mostOfTail, seen.insert(target).inserted else { continue }
                    if analysis.names.ofNode[target] == analysis.names.ofNode[head], !isDominated(target, analysis) {
                        return target
                    }
                    next.append(target)
                }
            }
            row = next
        }
        return nil
    }

    private static let mostOfTail = 64

    private func leadsOn(_ edge: Int, _ graph: HeapGraph) -> Bool {
        let type = PackedEdge.type(graph.edge[edge])
        guard type != EdgeType.weak.rawValue else { return false }
        guard HeapGraph.hasStringName(type) else { return true }
        return ![.map, .proto, .context, .shared].contains(graph.tag(ofEdge: edge))
    }

    private func isDominated(_ node: Int, _ analysis: HeapAnalysis) -> Bool {
        var node = node
        for _ in 0...Self.longestCycle where node != HeapGraph.root {
            node = Int(analysis.tree.dominators[node])
            if node == last { return true }
        }
        return false
    }

    /// Of those that a cycle consists of, the classes that people know, each once.
    func classes(_ analysis: HeapAnalysis) -> [UInt32] {
        var classes = [analysis.names.ofNode[head]]
        for node in cycle {
            let index = analysis.names.ofNode[node]
            guard !classes.contains(index), !analysis.isStore(node), !analysis.isCategory(classIndex: Int(index)) else {
                continue
            }
            classes.append(index)
        }
        return classes
    }

    /// How each leads to the next of its class; "…" where there is something in between that the tree of dominators does not show.
    func edges(_ analysis: HeapAnalysis) -> String { Self.edges(from: head, cycle, analysis) }

    static func edges(from node: Int, _ cycle: [Int], _ analysis: HeapAnalysis) -> String {
        var text = ""
        var source = node
        for node in cycle {
            let edge = analysis.graph.edges(of: source).first { PackedEdge.target(analysis.graph.edge[$0]) == node }
            text += edge.map(analysis.text(ofEdge:)) ?? "…"
            source = node
        }
        return text
    }
}
