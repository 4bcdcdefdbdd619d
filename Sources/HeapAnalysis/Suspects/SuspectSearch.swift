import HeapSnapshot

/// Finds where memory accumulates, in the manner of Eclipse MAT: down the tree of dominators, along the child that holds nearly all
/// of what its holder does, to the object where that falls apart into many.
struct SuspectSearch {
    private let analysis: HeapAnalysis
    private let total: UInt64
    /// In bytes: what is less is nobody's suspect.
    private let threshold: UInt64
    /// The global object of each context: what the root refers to by shortcuts, if it does.
    private let globals: Set<Int>
    private let nodesOwn: NodesOwn
    private var sums: ClassSums

    private static let leastShare = 0.1
    /// Of a suspect's objects, those that are looked at for what they have in common: of what calls something a sentence tells how many.
    private static let mostParts = 256
    private static let mostCallers = 20_000
    /// Of functions, which tell their places at once.
    private static let mostFunctions = 1_000_000
    private static let mostSuspects = 5
    /// Strings, arrays, functions and what else is in every heap: much of one kind that hangs on nothing in particular is a suspect
    /// where it makes up so much of a heap that is not small.
    private static let leastShareOfCategory = 0.25
    private static let leastHeapForCategory: UInt64 = 20_000_000

    /// - Returns: nil where there is no memory.
    init?(_ analysis: HeapAnalysis) {
        self.analysis = analysis
        total = analysis.statistics.totalSize
        threshold = max(1, UInt64(Double(total) * Self.leastShare))
        let graph = analysis.graph
        globals = Set(
            graph.edges(of: HeapGraph.root)
                .filter { PackedEdge.type(graph.edge[$0]) == EdgeType.shortcut.rawValue }
                .map { PackedEdge.target(graph.edge[$0]) } + analysis.hiddenGlobals)
        guard let nodesOwn = NodesOwn(analysis), let sums = ClassSums(classCount: analysis.names.classCount) else {
            return nil
        }
        (self.nodesOwn, self.sums) = (nodesOwn, sums)
    }

    /// A suspect whose path is not known yet.
    struct Draft {
        let className: String
        let count: UInt64
        /// In bytes.
        let size: UInt64
        let kind: LeakSuspect.Kind
        let holder: Int?
        /// The object that the path leads to.
        let end: Int
        /// Some of the objects.
        let parts: [Int]
        /// By class, how many objects its sentence counts.
        let told: [UInt32: UInt64]
        /// Whether the holder is one of the objects.
        var isTree = false
        /// What follows the last link of a chain of promises.
        var tail: Int?
        /// What is spread has roots for a holder.
        var spread: Spread?
    }

    /// The objects of one class that hang on V8's roots, but for large ones.
    struct Spread {
        let roots: Int
        let large: Set<Int>
        let classIndex: Int
    }

    /// Whose ArrayBuffers are; nil where they are neither many nor much.
    func arrayBuffers() -> ArrayBufferSearch? { ArrayBufferSearch(analysis, nodesOwn, globals: globals) }

    /// For what else calls the application's functions.
    var codes: SuspectCodeSearch { SuspectCodeSearch(analysis, nodesOwn) }

    /// - Parameter paths: to their ends; one that has none is left out.
    /// - Returns: nil where there is no memory.
    func suspects(_ drafts: [Draft], _ paths: [Int: RetainingPath]) -> [LeakSuspect]? {
        var search = ContentsSearch(analysis, sums)
        guard let contents = search.contents(drafts.map(subject)) else { return nil }
        let codes = codes.codes(drafts.map { ($0.className, $0.parts, callers(in: $0)) })
        return drafts.indices.compactMap { place in
            paths[drafts[place].end].map { path in
                let tail = drafts[place].tail.flatMap { paths[$0] }
                return suspect(drafts[place], codes[place], contents[place], path, tail: tail)
            }
        }
    }

    /// How many there are of what the parts are some of.
    private func callers(in draft: Draft) -> UInt64 {
        guard case .chain(_, let links) = draft.kind else { return draft.count }
        return links.first { $0.className == draft.className }?.count ?? draft.count
    }

    private func subject(_ draft: Draft) -> ContentsSearch.Subject {
        if let spread = draft.spread {
            return .init(told: draft.told) { body in
                forEachPart(of: spread.roots, besides: spread.large) { child in
                    if Int(analysis.names.ofNode[child]) == spread.classIndex { body(child) }
                }
            }
        }
        let head = draft.holder ?? draft.end
        return .init(head: head, isTold: draft.kind != .collection || draft.isTree, told: draft.told)
    }

    private func suspect(
        _ draft: Draft, _ code: SuspectCode?, _ contents: SuspectContents, _ path: RetainingPath, tail: RetainingPath?
    ) -> LeakSuspect {
        let spare = draft.kind == .single ? draft.holder.flatMap(SpareCapacity(analysis).pattern) : nil
        let pattern =
            spare
            ?? LeakSuspect.Pattern(className: draft.className, path: path) {
                draft.parts.reduce(into: (text: 0, retained: 0)) { sizes, part in
                    // It may be as long as what it keeps.
                    sizes.text += analysis.writtenLength(of: part) ?? Int(min(retained(part), 1 << 40))
                    sizes.retained.addSaturating(retained(part))
                }
            }
        let scope = draft.holder.flatMap { holder in
            SharedScope(holder, path, analysis) { node in
                Int(analysis.tree.dominators[node]) == holder && draft.told[analysis.names.ofNode[node]] != nil
            }
        }
        return LeakSuspect(
            className: draft.className, count: draft.count, retainedSize: draft.size,
            share: Double(draft.size) / Double(max(total, 1)), kind: draft.kind, pattern: pattern, code: code,
            contents: contents, holder: draft.holder.map(analysis.object), scope: scope, path: path, tailPath: tail)
    }

    /// The largest first, and last what a function holds that runs at this moment: that is most often gone at the next.
    mutating func drafts() -> [Draft] {
        guard total > 0 else { return [] }
        var found: [Draft] = []
        var work = [HeapGraph.root]
        while let node = work.popLast() {
            visit(node, &work, &found)
        }
        let ranked = found.map { (draft: $0, rank: (isOfStack($0.end) ? 1 : 0, UInt64.max - $0.size)) }
        found = ranked.sorted { $0.rank < $1.rank }.map(\.draft)
        var suspects: [Draft] = []
        for draft in found where suspects.count < Self.mostSuspects {
            // What hangs on one object is told once.
            if isSourceText(draft) { continue }
            if draft.kind != .spread, nodesOwn.isTable(draft.end) || suspects.contains(where: { $0.end == draft.end }) {
                continue
            }
            suspects.append(draft)
        }
        return suspects
    }

    /// Goes down a way, each node of which holds nearly all of what the one before does, to where that falls apart.
    private mutating func visit(_ start: Int, _ work: inout [Int], _ found: inout [Draft]) {
        var node = start
        // From the last root on.
        var way: [Int] = []
        // What else is large below each of its nodes.
        var beside: [[Int]] = []
        while true {
            let isRoots = isRoots(node)
            if isRoots {
                work += beside.joined()
                (way, beside) = ([], [])
            } else {
                way.append(node)
            }
            let large = analysis.tree.children(of: node).filter { retained($0) >= threshold }
            if let child = large.max(by: { retained($0) < retained($1) }),
                analysis.holdsNearlyAll(child, of: node) || isRoots || analysis.isStore(child)
            {
                let others = large.filter { $0 != child }
                if isRoots { work += others } else { beside.append(others) }
                // What the roots hold beside large objects may be many small ones that several objects share.
                if isRoots, let spread = accumulation(at: node, besides: large) { found.append(spread) }
                node = child
                continue
            }
            if let list = ListHead(way, analysis) {
                found.append(draft(of: list, way))
                // What hangs on its links is the list's.
                work += beside.prefix(list.place).joined()
                return
            }
            work += beside.joined()
            work += large
            if let suspect = accumulation(at: node, besides: large) { found.append(suspect) }
            return
        }
    }

    /// V8's own roots, and the global objects, which hold everything.
    private func isRoots(_ node: Int) -> Bool {
        node == HeapGraph.root || analysis.graph.type[node] == analysis.graph.types.synthetic || globals.contains(node)
    }

    /// What a script was compiled from: there is as much of it as the program is large.
    private func isSourceText(_ draft: Draft) -> Bool {
        let (type, types) = (analysis.graph.type, analysis.graph.types)
        return draft.kind == .single && types.isString(type[draft.end])
            && type[Int(analysis.tree.dominators[draft.end])] == types.code
    }

    private func isOfStack(_ node: Int) -> Bool {
        var node = node
        while node != HeapGraph.root {
            if analysis.graph.isOfTheMoment(node) { return true }
            node = Int(analysis.tree.dominators[node])
        }
        return false
    }

    private func isSpread(_ sum: ClassSums.Sum) -> Bool {
        // Before the name, which there may be a million of. What a category must have is more.
        guard sum.size >= threshold else { return false }
        guard analysis.isCategory(classIndex: sum.classIndex) else { return true }
        return total >= Self.leastHeapForCategory
            && Double(sum.size) >= Self.leastShareOfCategory * Double(total)
    }

    private func retained(_ node: Int) -> UInt64 { analysis.tree.retainedSizes[node] }

    /// What hangs on a node, class by class.
    private mutating func accumulation(at node: Int, besides large: [Int]) -> Draft? {
        sums.clear()
        let large = Set(large)
        // The size of a store may count as its owner's.
        let owner = owner(of: node)
        let ownSize = columnsSize(node) + (owner == node ? 0 : columnsSize(owner))
        var all = ownSize
        forEachPart(of: node, besides: large) { child in
            all += retained(child)
            sums.add(retained(child), analysis.names.ofNode[child])
        }
        if isRoots(node) {
            guard let largest = sums.largest(where: { isSpread($0) }) else { return nil }
            return Draft(
                className: className(of: largest, at: node, besides: large), count: largest.count,
                size: largest.size, kind: .spread, holder: nil,
                end: largestPart(of: node, besides: large, ofClass: largest.classIndex),
                parts: parts(of: node, besides: large, ofClass: largest.classIndex),
                told: [UInt32(largest.classIndex): largest.count],
                spread: Spread(roots: node, large: large, classIndex: largest.classIndex))
        }
        guard let largest = sums.largest() else {
            return ownSize < threshold ? nil : single(node)
        }
        guard all >= threshold else { return nil }
        // One object with a large store, or nothing of which there are many.
        if ownSize > largest.size || largest.count == 1 { return single(node) }
        return Draft(
            className: className(of: largest, at: node, besides: large), count: largest.count,
            size: largest.size, kind: .collection, holder: owner, end: owner,
            parts: parts(of: node, besides: large, ofClass: largest.classIndex),
            told: [UInt32(largest.classIndex): largest.count])
    }

    /// DevTools has all of V8's own objects in one class, Proxies among them.
    private func className(of sum: ClassSums.Sum, at node: Int, besides large: Set<Int>) -> String {
        let name = analysis.names.name(of: sum.classIndex)
        guard name == "(system)" else { return name }
        var areProxies = true
        forEachPart(of: node, besides: large) { child in
            if Int(analysis.names.ofNode[child]) == sum.classIndex, !isProxy(child) { areProxies = false }
        }
        return areProxies ? Self.proxy : name
    }

    private func isProxy(_ node: Int) -> Bool {
        analysis.graph.type[node] == analysis.graph.types.hidden && analysis.graph.tag(ofNode: node) == .proxy
    }

    private static let proxy = "Proxy"

    /// What a node dominates immediately: of the roots, what is the application's.
    private func forEachPart(of node: Int, besides large: Set<Int>, _ body: (Int) -> Void) {
        let isRoots = isRoots(node)
        for child in analysis.tree.children(of: node) where !(isRoots && nodesOwn.isRuntimes(child)) {
            // Those are few, and their sizes tell most of the others apart from them.
            if retained(child) >= threshold, large.contains(child) { continue }
            body(child)
        }
    }

    /// Of one class, of which there is at least one.
    private func largestPart(of node: Int, besides large: Set<Int>, ofClass index: Int) -> Int {
        var largest: Int?
        forEachPart(of: node, besides: large) { child in
            guard Int(analysis.names.ofNode[child]) == index else { return }
            if largest.map({ retained(child) > retained($0) }) ?? true { largest = child }
        }
        return largest ?? node
    }

    private func parts(of node: Int, besides large: Set<Int>, ofClass index: Int) -> [Int] {
        var parts: [Int] = []
        let most = mostParts(ofClass: UInt32(index))
        forEachPart(of: node, besides: large) { child in
            if parts.count < most, Int(analysis.names.ofNode[child]) == index { parts.append(child) }
        }
        return parts
    }

    private func mostParts(ofClass index: UInt32) -> Int {
        switch analysis.names.name(of: Int(index)) {
        case "Function": Self.mostFunctions
        case let name where SuspectCodeSearch.callers.contains(name): Self.mostCallers
        default: Self.mostParts
        }
    }

    private func columnsSize(_ node: Int) -> UInt64 { analysis.columns.selfSize(node) }

    private func single(_ node: Int) -> Draft {
        let holder = owner(of: node)
        return Draft(
            className: isProxy(holder) ? Self.proxy : analysis.className(of: holder), count: 1, size: retained(holder),
            kind: .single, holder: holder,
            end: holder, parts: [holder], told: [analysis.names.ofNode[holder]: 1])
    }

    /// The object that people know: not a store of V8's that it keeps its elements in.
    private func owner(of node: Int) -> Int {
        var owner = node
        while analysis.isStore(owner) || analysis.graph.tag(ofNode: owner) == .arrayBufferData {
            let holder = Int(analysis.tree.dominators[owner])
            if holder == HeapGraph.root || isRoots(holder) { return node }
            owner = holder
        }
        return owner
    }

    private func draft(of list: ListHead, _ way: [Int]) -> Draft {
        if let recursion = list.recursion { return draft(of: recursion) }
        let head = way[list.place]
        let (counts, parts) = count(list.classes, below: head)
        let links = links(list.classes, counts)
        return Draft(
            className: analysis.names.name(of: Int(list.classes[0])), count: counts.reduce(0, +), size: retained(head),
            kind: .chain(edge: "", links: links), holder: head, end: head, parts: parts,
            told: Dictionary(uniqueKeysWithValues: zip(list.classes, counts)))
    }

    /// The most frequent first.
    private func links(_ classes: [UInt32], _ counts: [UInt64]) -> [LeakSuspect.Links] {
        zip(classes, counts).enumerated()
            .sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }
            .map { LeakSuspect.Links(className: analysis.names.name(of: Int($0.element.0)), count: $0.element.1) }
    }

    private func count(_ classes: [UInt32], below head: Int) -> (counts: [UInt64], parts: [Int]) {
        let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        var counts = [UInt64](repeating: 0, count: classes.count)
        var parts: [Int] = []
        let most = classes.first.map(mostParts) ?? 0
        analysis.tree.forEachDominated(by: head) { node in
            guard let place = places[analysis.names.ofNode[node]] else { return }
            counts[place] += 1
            if place == 0, parts.count < most { parts.append(node) }
        }
        return (counts, parts)
    }

    private func draft(of recursion: Recursion) -> Draft {
        let head = recursion.head
        // However many parts, it is one string to whoever made it.
        if analysis.graph.type[head] == analysis.graph.types.consString { return single(head) }
        let classes = recursion.classes(analysis)
        let (counts, parts) = count(classes, below: head)
        let isChain = recursion.length >= Int(clamping: counts[0]) / 2
        let told = Dictionary(uniqueKeysWithValues: zip(classes, counts))
        let isOfPromises = isChain && analysis.graph.tag(ofNode: head) == .promise
        return Draft(
            className: analysis.names.name(of: Int(classes[0])), count: isChain ? counts.reduce(0, +) : counts[0],
            size: retained(head),
            kind: isChain ? .chain(edge: recursion.edges(analysis), links: links(classes, counts)) : .collection,
            holder: head, end: head, parts: parts, told: isChain ? told : [classes[0]: counts[0]], isTree: true,
            tail: isOfPromises ? recursion.tail(analysis) : nil)
    }
}
