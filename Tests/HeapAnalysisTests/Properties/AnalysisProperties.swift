@testable import HeapAnalysis
@testable import HeapSnapshot

/// What must hold of the analysis of any valid snapshot. The unit tests and the fuzzer ask the same.
struct AnalysisProperties {
    private let heap: HostileHeap
    private let analysis: HeapAnalysis
    private let columns: SnapshotColumns

    /// So many nodes are judged by what takes no cleverness, which takes the square of their number.
    private static let mostJudged = 48

    /// - Parameter bytes: what the heap is made of; see `HostileHeap`.
    /// - Returns: the first property that does not hold, nil where all do.
    static func violation(on bytes: [UInt8]) -> String? {
        let heap = HostileHeap(bytes)
        do {
            return try AnalysisProperties(heap).violation()
        } catch {
            return "\(error)"
        }
    }

    private struct NoHeap: Error {
        let reason: String
    }

    private static func columns(_ heap: HostileHeap) throws -> SnapshotColumns {
        let bytes = Array(heap.text.utf8)
        let collector = SnapshotCollector(documentBytes: UInt64(bytes.count))
        var validator = SnapshotValidator(into: collector)
        bytes.withUnsafeBytes { validator.feed($0) }
        let verdict = validator.finish()
        guard case .valid = verdict else { throw NoHeap(reason: "the heap is no snapshot: \(verdict)") }
        return try collector.finish()
    }

    private init(_ heap: HostileHeap) throws {
        self.heap = heap
        columns = try Self.columns(heap)
        analysis = try HeapAnalysis(columns, isSummarized: true)
    }

    private func violation() throws -> String? {
        let summary = try HeapSummary(analysis)
        let parts: [() throws -> String?] = [
            sizesViolation, treeViolation, dominatorViolation, { classesViolation(summary) },
            { detachedViolation(summary) }, { textsViolation(summary) },
            { try pathsViolation(summary) }, diffViolation,
        ]
        for part in parts {
            if let violation = try part() { return violation }
        }
        return nil
    }

    private var nodes: Range<Int> { 0..<columns.nodeCount }

    private func sizesViolation() -> String? {
        let total = heap.totalSize
        guard nodes.reduce(0, { $0 + columns.selfSize($1) }) == total else { return "sizes went astray" }
        let statistics = analysis.statistics
        guard statistics.totalSize == total + heap.extraNativeBytes else { return "the total is not the sum" }
        guard analysis.tree.retainedSizes[HeapGraph.root] == total else { return "the root does not hold all" }
        for size in [statistics.codeSize, statistics.nativeSize, statistics.stringsSize, statistics.systemSize]
        where size > statistics.totalSize { return "a part is more than the whole" }
        return nil
    }

    /// Each node hangs below its dominator once, and holds its own size and what those below it hold.
    private func treeViolation() -> String? {
        let tree = analysis.tree
        var seen = 0
        for node in nodes {
            var size = columns.selfSize(node)
            for child in tree.children(of: node) {
                guard Int(tree.dominators[child]) == node, child != HeapGraph.root else {
                    return "\(child) is no child of \(node)"
                }
                size += tree.retainedSizes[child]
                seen += 1
            }
            guard tree.retainedSizes[node] == size else {
                return "\(node) retains \(tree.retainedSizes[node]), not \(size)"
            }
        }
        guard seen == columns.nodeCount - 1 else { return "\(seen) nodes have a dominator" }
        var entered = 0
        tree.walk(enter: { _, _ in entered += 1 }, leave: { _ in })
        return entered == columns.nodeCount ? nil : "\(entered) nodes are on the way down"
    }

    /// By sets: the dominators of a node are itself and those that all that lead to it have in common.
    private func dominatorViolation() throws -> String? {
        guard columns.nodeCount <= Self.mostJudged, let pageObjects = PageObjects.mark(columns),
            let essential = EssentialEdges(analysis.graph, pageObjects: pageObjects)
        else { return nil }
        let graph = analysis.graph
        var targets = nodes.map { node in
            graph.edges(of: node).filter { essential.marks[$0] }.map { PackedEdge.target(graph.edge[$0]) }
        }
        // Where nothing that holds leads to, the root does; what is left after that hangs on the root, each by itself.
        let held = Set(targets.joined())
        let first = Self.reached(targets)
        for node in nodes.dropFirst() where !first.contains(node) && !held.contains(node) { targets[0].append(node) }
        let all = Self.reached(targets)
        var sets = nodes.map { all.contains($0) ? all : Set([$0, HeapGraph.root]) }
        sets[HeapGraph.root] = [HeapGraph.root]
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for node in all where node != HeapGraph.root {
                let sources = all.filter { targets[$0].contains(node) }
                let common = sources.dropFirst().reduce(sources.first.map { sets[$0] } ?? []) {
                    $0.intersection(sets[$1])
                }
                let new = common.union([node])
                if new != sets[node] {
                    sets[node] = new
                    hasChanged = true
                }
            }
        }
        for node in nodes.dropFirst() {
            var chain: Set<Int> = [node]
            var holder = node
            while holder != HeapGraph.root {
                holder = Int(analysis.tree.dominators[holder])
                guard chain.insert(holder).inserted else { return "the dominators of \(node) go round" }
            }
            guard chain == sets[node] else {
                return "the dominators of \(node) are \(sets[node].sorted()), not \(chain.sorted())"
            }
        }
        return nil
    }

    private static func reached(_ targets: [[Int]]) -> Set<Int> {
        var reached: Set<Int> = []
        var work = [HeapGraph.root]
        while let node = work.popLast() {
            if reached.insert(node).inserted { work += targets[node] }
        }
        return reached
    }

    private func classesViolation(_ summary: HeapSummary) -> String? {
        let rows = Array(summary.classes) + Array(summary.hiddenClasses)
        let taking = nodes.count { columns.selfSize($0) > 0 }
        guard rows.reduce(0, { $0 + $1.count }) == taking else { return "classes have not all objects" }
        guard rows.reduce(0, { $0 + $1.shallowSize }) == heap.totalSize else { return "classes have not all sizes" }
        for row in rows where row.retainedSize > heap.totalSize || row.retainedSize < row.shallowSize && row.count == 1
        {
            return "a class retains \(row.retainedSize) of \(heap.totalSize)"
        }
        for string in summary.duplicateStrings where string.count < 2 || string.size > heap.totalSize {
            return "\(string.count) copies of a string take \(string.size)"
        }
        for list in [summary.closures, summary.contexts] {
            guard list.reduce(0, { $0 + $1.shallowSize }) <= heap.totalSize else {
                return "functions take more than all"
            }
        }
        for suspect in summary.suspects where suspect.share > 1 || suspect.retainedSize > heap.totalSize {
            return "a suspect has \(suspect.share) of the heap"
        }
        return nil
    }

    /// By a climb from each of them; and as in the table of classes, where a class is all detached.
    private func detachedViolation(_ summary: HeapSummary) -> String? {
        let (names, tree) = (analysis.names, analysis.tree)
        let allNames = nodes.map { node in names.withName(of: Int(names.ofNode[node])) { TextIdentity($0) } }
        let groups = Dictionary(grouping: analysis.detached.marked) { allNames[$0] }
        var expected: [String] = []
        for (name, members) in groups {
            let nodes = Set(members)
            let highest = members.filter { node in
                var holder = node
                while holder != HeapGraph.root {
                    holder = Int(tree.dominators[holder])
                    if holder != node, nodes.contains(holder) { return false }
                }
                return true
            }
            let size = highest.reduce(0) { $0 + tree.retainedSizes[$1] }
            expected.append("\(members.count) \(size)")
            let classes = Set(self.nodes.filter { allNames[$0] == name }.map { names.ofNode[$0] })
            guard classes.count == 1, let index = classes.first,
                self.nodes.allSatisfy({
                    names.ofNode[$0] != index || nodes.contains($0) && columns.selfSize($0) > 0
                }),
                let table = GroupTable(analysis.graph, ClassGroups(names), analysis.distances, tree)
            else { continue }
            let row = table.rows[Int(index)]
            guard row.count == UInt64(members.count), row.retainedSize == size else {
                return "\(members.count) detached objects retain \(size), in the table \(row.count) \(row.retainedSize)"
            }
        }
        let found = summary.detached.map { "\($0.count) \($0.retainedSize)" }
        return found.sorted() == expected.sorted() ? nil : "detached are \(found), not \(expected)"
    }

    /// With the words around an edge's name.
    private static let longestText = HeapText.longest + 8

    private func textsViolation(_ summary: HeapSummary) -> String? {
        var texts =
            nodes.map { analysis.object($0).name } + summary.classes.map(\.name) + summary.closures.map(\.function)
        texts += summary.duplicateStrings.map(\.value) + summary.detached.map(\.name)
        texts += nodes.flatMap { analysis.references(of: $0).map(\.edge) }
        texts += columns.locations?.places.values.compactMap { analysis.scripts[$0.scriptID] } ?? []
        func length(_ text: String) -> Int {
            HeapText.characters(text).reduce(0) {
                if case .scalar(let scalar) = $1 { $0 + UTF16.width(scalar) } else { $0 + 1 }
            }
        }
        return texts.first { length($0) > Self.longestText }.map { "a text has \(length($0)) units" }
    }

    /// Each begins at the root, or at one of its own, and goes along edges.
    private func pathsViolation(_ summary: HeapSummary) throws -> String? {
        let query = try RetainerQuery(analysis)
        let some = nodes.filter { $0 % max(1, columns.nodeCount / 40) == 0 }
        for path in summary.suspects.map(\.path) + summary.biggestObjects.map(\.path) + some.map(query.path) {
            for (step, next) in zip(path.steps, path.steps.dropFirst()) where step.omitted == nil {
                let leads = analysis.graph.edges(of: step.object.ordinal)
                    .contains { PackedEdge.target(analysis.graph.edge[$0]) == next.object.ordinal }
                guard leads else { return "a path leads from \(step.object.ordinal) to \(next.object.ordinal)" }
            }
        }
        let groups = query.groups(some)
        guard groups.reduce(0, { $0 + $1.count }) == UInt64(some.count) else { return "groups have not all objects" }
        for node in some {
            guard query.dominators(of: node).last?.ordinal == node else {
                return "the dominators of \(node) end elsewhere"
            }
            _ = query.direct(of: node).map(\.edge)
        }
        var filter = ObjectFilter()
        filter.text = "l"
        _ = analysis.find(filter, atMost: 10)
        if let row = summary.classes.first {
            (filter.text, filter.className) = (nil, HeapText.readable(row.name))
            guard !analysis.find(filter, atMost: 10).objects.isEmpty else {
                return "no object is of the class \(row.name)"
            }
        }
        return analysis.treemap().object.ordinal == HeapGraph.root ? nil : "the map does not begin at the root"
    }

    /// A heap has not changed against itself.
    private func diffViolation() throws -> String? {
        let older = try HeapAnalysis(Self.columns(heap), interfaces: analysis.interfaces)
        let vocabulary = PathVocabulary()
        let diff = try HeapDiff(DiffBase(older, vocabulary), analysis, vocabulary)
        return diff.classes.first.map { "\($0.name) has changed against itself" }
    }
}
