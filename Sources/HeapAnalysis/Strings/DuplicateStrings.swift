import Glibc
import HeapSnapshot

/// A text that several strings of the heap hold.
public struct DuplicateString: Encodable, Sendable {
    /// Its beginning, where it is longer than `HeapText.longest`.
    public let value: String
    /// Whether the strings go on beyond that.
    public let isCut: Bool
    public let count: UInt64
    /// Of all of them, in bytes.
    public let size: UInt64
    /// Of all of them, in bytes.
    public let retainedSize: UInt64
    /// What all but one of them take, in bytes.
    public let wastedSize: UInt64
}

/// Finds them by DevTools' rules (`getDuplicateStrings`): plain and concatenated strings that take memory, but for those that V8
/// has put together already.
///
/// The texts are compared first, which needs no more than the heap's graph; the sizes are added up when they are known.
struct DuplicateStringSearch: @unchecked Sendable {
    private let graph: HeapGraph
    private let names: ObjectNames
    /// By the index of the text: of plain strings whose whole text it is.
    private let counts: Column<UInt32>
    /// Whether the heap tells of strings that were cut.
    private let hasTruncated: Bool
    /// Concatenated strings, and those that were cut: few beside the others.
    private var composed: [UInt32] = []
    /// Texts that stand twice in the document, by the index of the second.
    private var sameText: [UInt32: UInt32] = [:]
    /// By the place of the composed string: what has its text.
    private var entryOfComposed: [UInt32] = []

    private static let composedMark: UInt32 = 1 << 31

    fileprivate struct Group {
        /// Of the text.
        let entry: UInt32
        let count: UInt64
        var size: UInt64 = 0
        var retainedSize: UInt64 = 0

        var wastedSize: UInt64 { size - size / max(count, 1) }
    }

    /// A text is read from up to 2,048 nodes, and may be of each concatenated string: after so many nodes the rest of the strings are
    /// taken for texts of their own. No heap of a program's comes near.
    private static let mostParts = 1 << 27

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, _ names: ObjectNames) {
        guard let counts = Column<UInt32>(count: graph.columns.strings.count) else { return nil }
        self.graph = graph
        self.counts = counts
        self.names = names
        hasTruncated = graph.columns.hasText(of: .truncated, graph.tags)
        var truncations = Truncations(graph, hasAny: hasTruncated)
        for node in 0..<graph.nodeCount {
            let type = graph.type[node]
            guard type == graph.types.string || type == graph.types.consString, graph.columns.selfSize(node) != 0 else {
                continue
            }
            // With what is kept of each while texts are compared.
            guard MemoryGuard.shared.admitsNext(composed.count, of: 32) else { return nil }
            if type == graph.types.consString {
                if !Self.isFlat(graph, names, node) { composed.append(UInt32(truncatingIfNeeded: node)) }
            } else if truncations.of(node) != nil {
                composed.append(UInt32(truncatingIfNeeded: node))
            } else {
                counts.base[Int(graph.name[node])] &+= 1
            }
        }
        let used = (0..<counts.count).reduce(0) { $0 + (counts.base[$1] == 0 ? 0 : 1) }
        guard let table = TextTable(for: used + composed.count) else { return nil }
        guard findTexts(table, &truncations) else { return nil }
    }

    /// All of them, that which wastes most first.
    /// - Parameter retainedSizes: in bytes, by node.
    /// - Returns: nil where there is no memory.
    func strings(_ retainedSizes: RetainedSizes) -> DuplicateStringList? {
        guard let groupOfText = Column<UInt32>(count: counts.count, isPopulated: true) else { return nil }
        defer { withExtendedLifetime(groupOfText) {} }
        let (count, number) = (counts.base, groupOfText.base)
        // Of texts that a composed string has too, or that stand twice in the document; the others of composed strings alone.
        var more: [UInt32: UInt64] = [:]
        var composedCounts = [UInt64](repeating: 0, count: composed.count)
        for entry in entryOfComposed {
            if entry & Self.composedMark == 0 {
                more[entry, default: 0] += 1
            } else {
                composedCounts[Int(entry & ~Self.composedMark)] += 1
            }
        }
        for (second, first) in sameText { more[first, default: 0] += UInt64(count[Int(second)]) }
        var groups: [Group] = []
        for index in 0..<counts.count where count[index] != 0 {
            let entry = UInt32(truncatingIfNeeded: index)
            let total = UInt64(count[index]) + (more.isEmpty ? 0 : more[entry] ?? 0)
            guard MemoryGuard.shared.admitsNext(groups.count, of: 32) else { return nil }
            guard total >= 2, sameText.isEmpty || sameText[entry] == nil else { continue }
            groups.append(Group(entry: entry, count: total))
            number[index] = UInt32(groups.count)
        }
        for (second, first) in sameText { number[Int(second)] = number[Int(first)] }
        var groupOfComposed = [Int32](repeating: -1, count: composed.count)
        for (place, total) in composedCounts.enumerated() where total >= 2 {
            groupOfComposed[place] = Int32(groups.count)
            groups.append(Group(entry: UInt32(place) | Self.composedMark, count: total))
        }
        addSizes(&groups, number, groupOfComposed, retainedSizes)
        groups.sort { a, b in
            if a.wastedSize != b.wastedSize { return a.wastedSize > b.wastedSize }
            if a.count != b.count { return a.count > b.count }
            let order = flatText(a).flatMap { x in flatText(b).map { compare(x, $0) } } ?? 0
            return order != 0 ? order < 0 : a.entry < b.entry
        }
        return DuplicateStringList(groups, self)
    }

    /// Of a text that one string has as a whole: as much as is shown of it.
    private func flatText(_ group: Group) -> UnsafeBufferPointer<UInt8>? {
        guard group.entry & Self.composedMark == 0 else { return nil }
        let text = graph.columns.strings[Int(group.entry)]
        return UnsafeBufferPointer(rebasing: text.prefix(HeapText.longest))
    }

    private func compare(_ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) -> Int {
        let order = a.baseAddress.flatMap { x in b.baseAddress.map { Int(memcmp(x, $0, min(a.count, b.count))) } } ?? 0
        return order != 0 ? order : a.count - b.count
    }

    fileprivate func summary(_ group: Group) -> DuplicateString {
        let sample = group.entry & Self.composedMark == 0 ? nil : Int(composed[Int(group.entry & ~Self.composedMark)])
        func summary(_ text: UnsafeBufferPointer<UInt8>) -> DuplicateString {
            var truncations = Truncations(graph, hasAny: hasTruncated)
            let isCut = sample.map { truncations.of($0) != nil } ?? false
            return DuplicateString(
                value: HeapText.string(text[..<JavaScriptText.prefixLength(text, units: HeapText.longest)]),
                isCut: isCut || ObjectNames.isLong(text), count: group.count, size: group.size,
                retainedSize: group.retainedSize, wastedSize: group.wastedSize)
        }
        return sample.map { names.withName(of: $0, summary) } ?? summary(graph.columns.strings[Int(group.entry)])
    }

    /// Finds which strings have the text of another.
    /// - Parameter table: for each text that is there: an index of it, or the place of a composed string, with a mark.
    /// - Returns: false where there is no memory.
    private mutating func findTexts(_ table: TextTable, _ truncations: inout Truncations) -> Bool {
        for index in 0..<counts.count where counts.base[index] != 0 {
            let text = graph.columns.strings[index]
            let entry = UInt32(truncatingIfNeeded: index)
            let found = table.find(TextHash.of(text), orInsert: entry) { other in
                TextHash.areSame(graph.columns.strings[Int(other)], text)
            }
            if found != entry { sameText[entry] = found }
        }
        guard !composed.isEmpty else { return true }
        // Many may share their beginning, which is all that is told of them: a text is read once. 0 for one that is not read yet.
        guard let entryOfCons = Column<UInt32>(count: names.cons.count) else { return false }
        var entryOfFlat: [Int: UInt32] = [:]
        var text: [UInt8] = []
        var stack: [Int] = []
        var partCount = 0
        // Of texts that strings have which were cut: a long one may be that of each.
        var hashes: [UInt32: UInt64] = [:]
        entryOfComposed.reserveCapacity(composed.count)
        for (place, node) in composed.enumerated() {
            let node = Int(node)
            let truncation = truncations.of(node)
            guard graph.type[node] == graph.types.consString else {
                let name = graph.name[node]
                let shared = graph.columns.strings[Int(name)]
                let hash = hashes[name] ?? TextHash.of(shared)
                hashes[name] = hash
                entryOfComposed.append(find(shared, hash, truncation, place, table, &truncations))
                continue
            }
            let beginning = truncation == nil ? names.cons.beginning(of: node) : node
            let consPlace = truncation == nil ? names.cons.place(of: beginning) : nil
            if truncation == nil {
                let known = consPlace.map { entryOfCons[$0] } ?? entryOfFlat[beginning] ?? 0
                if known != 0 {
                    entryOfComposed.append(known &- 1)
                    continue
                }
            }
            guard partCount < Self.mostParts else {
                entryOfComposed.append(UInt32(truncatingIfNeeded: place) | Self.composedMark)
                continue
            }
            text.removeAll(keepingCapacity: true)
            // To compare it with another takes as long.
            partCount += 2 * names.appendText(ofCons: node, to: &text, &stack)
            let found = text.withUnsafeBufferPointer {
                find($0, TextHash.of($0), truncation, place, table, &truncations)
            }
            entryOfComposed.append(found)
            guard truncation == nil else { continue }
            if let consPlace { entryOfCons[consPlace] = found &+ 1 } else { entryOfFlat[beginning] = found &+ 1 }
        }
        return true
    }

    /// The entry of a composed string's text.
    private func find(
        _ text: UnsafeBufferPointer<UInt8>, _ hash: UInt64, _ truncation: Truncation?, _ place: Int,
        _ table: TextTable, _ truncations: inout Truncations
    ) -> UInt32 {
        let entry = UInt32(truncatingIfNeeded: place) | Self.composedMark
        // Thousands of long texts may begin alike, and differ in what V8 tells of them alone.
        return table.find(hash ^ (truncation?.hash ?? 0), orInsert: entry) { other in
            guard other & Self.composedMark != 0 else {
                return truncation == nil && TextHash.areSame(graph.columns.strings[Int(other)], text)
            }
            let sample = Int(composed[Int(other & ~Self.composedMark)])
            return truncations.of(sample) == truncation
                && names.withName(of: sample) { TextHash.areSame($0, text) }
        }
    }

    private func addSizes(
        _ groups: inout [Group], _ number: UnsafeMutablePointer<UInt32>, _ groupOfComposed: [Int32],
        _ retained: RetainedSizes
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
            groups[group].retainedSize.addSaturating(retained[node])
        }
        for (place, node) in composed.enumerated() {
            let entry = entryOfComposed[place]
            let group =
                entry & Self.composedMark == 0
                ? Int(number[Int(entry)]) - 1 : Int(groupOfComposed[Int(entry & ~Self.composedMark)])
            if group < 0 { continue }
            groups[group].size &+= graph.columns.selfSize(Int(node))
            groups[group].retainedSize.addSaturating(retained[Int(node)])
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

/// All of them.
///
/// There may be as many as strings, of which few are looked at: each text is made when it is asked for.
public struct DuplicateStringList: RandomAccessCollection, Sendable {
    private let groups: [DuplicateStringSearch.Group]
    private let search: DuplicateStringSearch
    /// What all of them waste, in bytes.
    public let wastedSize: UInt64

    fileprivate init(_ groups: [DuplicateStringSearch.Group], _ search: DuplicateStringSearch) {
        self.groups = groups
        self.search = search
        wastedSize = groups.reduce(0) { $0 + $1.wastedSize }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { groups.count }
    public subscript(position: Int) -> DuplicateString { search.summary(groups[position]) }
}

extension SnapshotColumns {
    fileprivate func hasText(of tag: TextTag, _ tags: TextTags) -> Bool {
        (0..<strings.count).contains { tags.pointer[$0] == tag.rawValue }
    }
}
