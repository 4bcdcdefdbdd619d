import HeapSnapshot

/// A text that several strings of the heap hold.
public struct DuplicateString: Sendable {
    public let value: String
    /// Whether the strings go on beyond what the snapshot tells of them.
    public let isCut: Bool
    public let count: UInt64
    /// Of all of them, in bytes.
    public let size: UInt64
    /// Of all of them, in bytes.
    public let retainedSize: UInt64

    /// What all but one of them take, in bytes.
    public var wastedSize: UInt64 { size - size / max(count, 1) }
}

/// Finds them by DevTools' rules (`getDuplicateStrings`): plain and concatenated strings that take memory, but for those that V8
/// has put together already.
struct DuplicateStringSearch {
    private let analysis: HeapAnalysis
    private let graph: HeapGraph
    private let names: ObjectNames
    /// By the index of the text: of plain strings whose whole text it is.
    private let counts: Column<UInt32>
    /// Concatenated strings, and those that were cut: few beside the others.
    private var composed: [UInt32] = []
    /// For each text that is there: an index of it, or the place of a composed string, with a mark.
    private var table: TextTable
    /// Texts that stand twice in the document, by the index of the second.
    private var sameText: [UInt32: UInt32] = [:]
    /// By the place of the composed string: what has its text.
    private var entryOfComposed: [UInt32] = []

    private static let composedMark: UInt32 = 1 << 31

    private struct Group {
        /// Of the table.
        let entry: UInt32
        let count: UInt64
        var size: UInt64 = 0
        var retainedSize: UInt64 = 0
    }

    /// All of them, that which wastes most first.
    /// - Returns: nil where there is no memory.
    static func find(_ analysis: HeapAnalysis) -> [DuplicateString]? {
        guard var search = DuplicateStringSearch(analysis) else { return nil }
        return search.run()
    }

    private init?(_ analysis: HeapAnalysis) {
        graph = analysis.graph
        guard let counts = Column<UInt32>(count: graph.columns.strings.count) else { return nil }
        self.analysis = analysis
        self.counts = counts
        names = analysis.objectNames
        let hasTruncated = graph.columns.hasText(of: .truncated, graph.tags)
        for node in 0..<graph.nodeCount {
            let type = graph.type[node]
            guard type == graph.types.string || type == graph.types.consString, graph.columns.selfSize(node) != 0 else {
                continue
            }
            if type == graph.types.consString {
                if !Self.isFlat(graph, names, node) { composed.append(UInt32(truncatingIfNeeded: node)) }
            } else if hasTruncated, Truncation(graph, node) != nil {
                composed.append(UInt32(truncatingIfNeeded: node))
            } else {
                counts.base[Int(graph.name[node])] &+= 1
            }
        }
        let used = (0..<counts.count).reduce(0) { $0 + (counts.base[$1] == 0 ? 0 : 1) }
        guard let table = TextTable(for: used + composed.count) else { return nil }
        self.table = table
    }

    private mutating func run() -> [DuplicateString]? {
        findTexts()
        // Texts that a composed string has too, or that stand twice in the document.
        var special: [UInt32: UInt64] = [:]
        for entry in entryOfComposed { special[entry, default: 0] += 1 }
        for (second, first) in sameText { special[first, default: 0] += UInt64(counts.base[Int(second)]) }
        guard let groupOfText = Column<UInt32>(count: counts.count) else { return nil }
        var groups: [Group] = []
        let (count, number) = (counts.base, groupOfText.base)
        for index in 0..<counts.count where count[index] != 0 {
            let entry = UInt32(truncatingIfNeeded: index)
            let total = UInt64(count[index]) + (special[entry] ?? 0)
            guard total >= 2, sameText.isEmpty || sameText[entry] == nil else { continue }
            groups.append(Group(entry: entry, count: total))
            number[index] = UInt32(groups.count)
        }
        for (second, first) in sameText { number[Int(second)] = number[Int(first)] }
        var groupOfComposed: [UInt32: Int] = [:]
        for (entry, total) in special where entry & Self.composedMark != 0 && total >= 2 {
            groups.append(Group(entry: entry, count: total))
            groupOfComposed[entry] = groups.count - 1
        }
        addSizes(&groups, number, groupOfComposed)
        return groups.map(summary).sorted { ($1.wastedSize, $1.count, $0.value) < ($0.wastedSize, $0.count, $1.value) }
    }

    private func summary(_ group: Group) -> DuplicateString {
        let sample = group.entry & Self.composedMark == 0 ? nil : Int(composed[Int(group.entry & ~Self.composedMark)])
        let text = sample.map { names.name(of: $0) } ?? Array(graph.columns.strings[Int(group.entry)])
        let isCut = sample.map { Truncation(graph, $0) != nil } ?? false
        return DuplicateString(
            value: HeapText.string(text), isCut: isCut || ObjectNames.isLong(text), count: group.count,
            size: group.size, retainedSize: group.retainedSize)
    }

    /// Finds which strings have the text of another.
    private mutating func findTexts() {
        for index in 0..<counts.count where counts.base[index] != 0 {
            let text = graph.columns.strings[index]
            let entry = UInt32(truncatingIfNeeded: index)
            let found = table.find(TextHash.of(text), orInsert: entry) { [graph] other in
                TextHash.areSame(graph.columns.strings[Int(other)], text)
            }
            if found != entry { sameText[entry] = found }
        }
        // Many may share their beginning, which is all that is told of them: a text is read once.
        var entryOfBeginning: [Int: UInt32] = [:]
        for (place, node) in composed.enumerated() {
            let truncation = Truncation(graph, Int(node))
            let beginning =
                truncation == nil && graph.type[Int(node)] == graph.types.consString
                ? names.cons.beginning(of: Int(node)) : nil
            if let beginning, let known = entryOfBeginning[beginning] {
                entryOfComposed.append(known)
                continue
            }
            let text = names.name(of: Int(node))
            let entry = UInt32(truncatingIfNeeded: place) | Self.composedMark
            let found = text.withUnsafeBufferPointer { buffer in
                table.find(TextHash.of(buffer), orInsert: entry) { [self] other in
                    guard other & Self.composedMark != 0 else {
                        return truncation == nil && TextHash.areSame(graph.columns.strings[Int(other)], buffer)
                    }
                    let sample = Int(composed[Int(other & ~Self.composedMark)])
                    return Truncation(graph, sample) == truncation && names.name(of: sample) == text
                }
            }
            entryOfComposed.append(found)
            if let beginning { entryOfBeginning[beginning] = found }
        }
    }

    private func addSizes(
        _ groups: inout [Group], _ number: UnsafeMutablePointer<UInt32>, _ groupOfComposed: [UInt32: Int]
    ) {
        let isComposed = Set(composed.filter { graph.type[Int($0)] == graph.types.string })
        for node in 0..<graph.nodeCount where graph.type[node] == graph.types.string {
            // Most texts are one string's alone.
            let group = Int(number[Int(graph.name[node])]) &- 1
            if group < 0 { continue }
            let size = graph.columns.selfSize(node)
            if size == 0 { continue }
            if !isComposed.isEmpty, isComposed.contains(UInt32(truncatingIfNeeded: node)) { continue }
            groups[group].size &+= size
            groups[group].retainedSize &+= analysis.tree.retainedSizes[node]
        }
        for (place, node) in composed.enumerated() {
            let entry = entryOfComposed[place]
            let group =
                entry & Self.composedMark == 0 ? Int(number[Int(entry)]) - 1 : groupOfComposed[entry] ?? -1
            if group < 0 { continue }
            groups[group].size &+= graph.columns.selfSize(Int(node))
            groups[group].retainedSize &+= analysis.tree.retainedSizes[Int(node)]
        }
    }

    /// Whether one of its parts is empty: its text is another string's by now.
    private static func isFlat(_ graph: HeapGraph, _ names: ObjectNames, _ node: Int) -> Bool {
        for index in graph.edges(of: node)
        where PackedEdge.type(graph.edge[index]) == EdgeType.internal.rawValue {
            let tag = graph.tag(ofEdge: index)
            guard tag == .first || tag == .second else { continue }
            let part = PackedEdge.target(graph.edge[index])
            if graph.type[part] == graph.types.consString
                ? names.cons.isEmpty(part) : graph.tag(ofNode: part) == .empty
            {
                return true
            }
        }
        return false
    }
}

/// What newer versions of V8 tell of a string whose text was cut.
private struct Truncation: Equatable {
    let length: Int?
    let hash: Int?

    /// nil where the string was not cut.
    init?(_ graph: HeapGraph, _ node: Int) {
        guard let mark = graph.internalTarget(of: node, where: { $0 == .truncated }),
            graph.type[mark] == graph.types.number,
            graph.tag(ofNode: mark) == .bool, let value = graph.internalTarget(of: mark, where: { $0 == .value }),
            graph.tag(ofNode: value) == .isTrue
        else { return nil }
        length = Self.number(graph, node, .length)
        hash = Self.number(graph, node, .hash)
    }

    private static func number(_ graph: HeapGraph, _ node: Int, _ name: TextTag) -> Int? {
        guard let box = graph.internalTarget(of: node, where: { $0 == name }), graph.type[box] == graph.types.number,
            graph.tag(ofNode: box) == .int, let value = graph.internalTarget(of: box, where: { $0 == .value })
        else { return nil }
        return JavaScriptText.parseInt(graph.columns.strings[Int(graph.name[value])]).flatMap(Int.init(exactly:))
    }
}

extension SnapshotColumns {
    fileprivate func hasText(of tag: TextTag, _ tags: TextTags) -> Bool {
        (0..<strings.count).contains { tags.pointer[$0] == tag.rawValue }
    }
}
