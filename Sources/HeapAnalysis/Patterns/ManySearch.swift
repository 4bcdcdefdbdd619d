import HeapSnapshot

/// Finds patterns that people know by names of their own where they are many: one pass over the objects, and another over those that a
/// pattern is about.
struct ManySearch {
    /// What was found, without its path.
    struct Draft {
        let pattern: LeakSuspect.Pattern
        let count: UInt64
        var size: UInt64?
        /// Some of the objects, for the code that they call.
        var callers: [Int] = []
        /// What the path leads to.
        var end: Int?
        /// Whether the path leads to an emitter's listeners, and is to be told up to the emitter.
        var isBelowEmitter = false
    }

    private let analysis: HeapAnalysis
    private let graph: HeapGraph
    private var timers: [Int] = []
    /// What waits for promises that are not settled: a promise has its value in their place once it is.
    private var reactions: [Int] = []
    private var reactionCount: UInt64 = 0
    private var slices: [Int] = []
    private var isIncomplete = false
    private var spare: (count: UInt64, bytes: UInt64, largest: Int, largestBytes: UInt64) = (0, 0, 0, 0)
    private var emitters: ListenerCounts

    /// Looked at for the code that they call.
    private static let mostCallers = 100_000

    /// - Returns: nil where there is no memory.
    init?(_ analysis: HeapAnalysis) {
        guard let emitters = ListenerCounts(analysis.graph) else { return nil }
        (self.analysis, graph, self.emitters) = (analysis, analysis.graph, emitters)
    }

    mutating func drafts(_ codes: SuspectCodeSearch) -> [Draft] {
        let (type, types) = (graph.type, graph.types)
        let room = SpareCapacity(analysis)
        for node in 0..<graph.nodeCount {
            if type[node] == types.slicedString {
                keep(node, in: \.slices)
                continue
            }
            if graph.tag(ofNode: node) == .promiseReaction, type[node] == types.hidden || type[node] == types.object {
                note(reaction: node)
                continue
            }
            guard type[node] == types.object else { continue }
            switch graph.tag(ofNode: node) {
            case .timeout, .immediate: note(timer: node)
            case .listener: emitters.note(listener: node)
            case .array, .mapObject, .setObject:
                if let unused = room.unused(of: node) { note(spare: node, unused) }
            default: emitters.note(node)
            }
        }
        return listeners() + timersOfPlaces(codes) + waiting() + cut() + rooms()
    }

    /// - Parameters:
    ///   - paths: to their ends.
    ///   - suspects: what these say is not said again.
    func many(
        _ drafts: [Draft], _ codes: SuspectCodeSearch, _ paths: [Int: RetainingPath], besides suspects: [LeakSuspect]
    ) -> [ManyObjects] {
        drafts.map { draft in
            let path = draft.end.flatMap { paths[$0] }
            return ManyObjects(
                pattern: draft.pattern, count: draft.count, size: draft.size,
                code: codes.code(of: draft.callers, total: draft.count),
                path: draft.isBelowEmitter ? path?.toEventTarget() : path)
        }.filter { many in !suspects.contains { Self.says($0, many) } }
    }

    /// Whether a suspect is about the same objects.
    private static func says(_ suspect: LeakSuspect, _ many: ManyObjects) -> Bool {
        switch (suspect.pattern, many.pattern) {
        case (.spareCapacity, .spareCapacity): true
        case (.timers, .timers): suspect.code == nil || suspect.code?.place == many.code?.place
        case (.listeners(let event), .listeners(let other)):
            event == other && suspect.path.leadsOver(many.path?.steps.last?.object.id)
        case (let pattern, let other): pattern == other
        }
    }

    /// All of them, or none where there is no memory: no count is told that is not whole.
    private mutating func keep(_ node: Int, in list: WritableKeyPath<ManySearch, [Int]>) {
        guard !isIncomplete else { return }
        guard MemoryGuard.shared.admitsNext(self[keyPath: list].count, of: 8) else {
            (timers, slices, isIncomplete) = ([], [], true)
            return
        }
        self[keyPath: list].append(node)
    }

    // MARK: Listeners

    private func listeners() -> [Draft] {
        emitters.found.filter { $0.count >= ManyObjects.leastListeners }
            .sorted { ($1.count, $0.holder) < ($0.count, $1.holder) }
            .prefix(ManyObjects.mostOfPattern)
            .map { group in
                Draft(
                    pattern: .listeners(event: group.event.map { HeapText.name(analysis.columns.strings[Int($0)]) }),
                    count: group.count, callers: emitters.listeners(of: group, most: Self.mostCallers),
                    end: group.holder, isBelowEmitter: group.event == nil)
            }
    }

    // MARK: Timers

    private mutating func note(timer node: Int) {
        // Of one that was cleared, nothing is called.
        let calls = graph.edges(of: node).contains { index in
            PackedEdge.type(graph.edge[index]) == EdgeType.property.rawValue
                && [.onTimeout, .onImmediate].contains(graph.tag(ofEdge: index))
                && graph.type[PackedEdge.target(graph.edge[index])] == graph.types.closure
        }
        guard calls else { return }
        keep(node, in: \.timers)
    }

    private func timersOfPlaces(_ codes: SuspectCodeSearch) -> [Draft] {
        guard UInt64(timers.count) >= ManyObjects.leastTimers else { return [] }
        return codes.byPlace(timers).filter { UInt64($0.count) >= ManyObjects.leastTimers }
            .prefix(ManyObjects.mostOfPattern)
            .map { Draft(pattern: .timers, count: UInt64($0.count), callers: $0) }
    }

    // MARK: Promises

    private mutating func note(reaction node: Int) {
        reactionCount += 1
        if reactions.count < Self.mostCallers { reactions.append(node) }
    }

    private func waiting() -> [Draft] {
        guard reactionCount >= ManyObjects.leastReactions else { return [] }
        return [Draft(pattern: .promises, count: reactionCount, callers: reactions)]
    }

    // MARK: Slices

    private func cut() -> [Draft] {
        guard UInt64(slices.count) >= ManyObjects.leastSlices, MemoryGuard.shared.admits(slices.count * 48) else {
            return []
        }
        // By string, the text that is in use.
        var used: [Int: (bytes: UInt64, slices: UInt64, first: Int)] = [:]
        for slice in slices {
            guard let parent = graph.internalTarget(of: slice, where: { $0 == .parent }) else { continue }
            let text = analysis.writtenLength(of: slice)
            var known = used[parent] ?? (0, 0, slice)
            known.bytes.addSaturating(text.map(UInt64.init) ?? .max)
            known.slices += 1
            used[parent] = known
        }
        var (count, kept) = (UInt64(0), UInt64(0))
        var largest: (slice: Int, size: UInt64)?
        for (parent, known) in used {
            let size = analysis.columns.selfSize(parent)
            guard known.bytes < size / 2 else { continue }
            count += known.slices
            kept.addSaturating(size)
            if (size, known.first) > (largest?.size ?? 0, largest?.slice ?? 0) { largest = (known.first, size) }
        }
        guard count >= ManyObjects.leastSlices, kept >= ManyObjects.leastSize else { return [] }
        return [Draft(pattern: .slicedStrings, count: count, size: kept, end: largest?.slice)]
    }

    // MARK: Room

    private mutating func note(spare node: Int, _ bytes: UInt64) {
        spare.count += 1
        spare.bytes.addSaturating(bytes)
        if bytes > spare.largestBytes { (spare.largest, spare.largestBytes) = (node, bytes) }
    }

    private func rooms() -> [Draft] {
        guard spare.count >= ManyObjects.leastSpare, spare.bytes >= ManyObjects.leastSize else { return [] }
        return [
            Draft(
                pattern: .spareCapacity(used: 0, places: 0), count: spare.count, size: spare.bytes, end: spare.largest)
        ]
    }
}

extension RetainingPath {
    /// Whether an object is on it; true where there is none to look for.
    fileprivate func leadsOver(_ id: UInt64?) -> Bool { id == nil || steps.contains { $0.object.id == id } }

    /// The path to what has the listeners that this one leads to; itself where it leads over none.
    fileprivate func toEventTarget() -> RetainingPath {
        guard let step = steps.lastIndex(where: { $0.edge == "[\"<symbol kEvents>\"]" }) else { return self }
        return dropLast(steps.count - step) ?? self
    }
}
