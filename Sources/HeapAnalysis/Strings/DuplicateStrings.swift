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
enum DuplicateStringSearch {
    private struct Group {
        var count: UInt64 = 0
        var size: UInt64 = 0
        var retainedSize: UInt64 = 0
        /// A node that holds the text.
        var sample = 0
        /// Of strings that were cut: what tells them apart.
        var length: Int?
        var hash: Int?
        var isTruncated = false
    }

    /// All of them, that which wastes most first.
    /// - Returns: nil where there is no memory.
    static func find(_ analysis: HeapAnalysis) -> [DuplicateString]? {
        let graph = analysis.graph
        // Most strings are told apart by their place in the document. Those of several are compared by their texts.
        guard let groupOfName = Column<UInt32>(count: graph.columns.strings.count),
            var table = HashTable(capacity: 1 << 12)
        else { return nil }
        var groups: [Group] = []
        // By the string that a text is read from.
        var groupOfCons: [Int: Int] = [:]
        let hasTruncated = graph.columns.hasText(of: .truncated, graph.tags)
        let names = analysis.objectNames

        func group(of text: UnsafeBufferPointer<UInt8>, node: Int, _ truncation: Truncation?) -> Int? {
            var hash = TextHash.of(text)
            if let truncation {
                hash ^= UInt64(bitPattern: Int64((truncation.length ?? -1) &* 31 &+ (truncation.hash ?? -1)))
            }
            var slot = table.start(hash)
            while let known = table[slot] {
                if table.hash(slot) == hash, matches(groups[known], text, truncation) { return known }
                slot = table.next(slot)
            }
            groups.append(
                Group(
                    sample: node, length: truncation?.length, hash: truncation?.hash, isTruncated: truncation != nil))
            return table.insert(groups.count - 1, hash, at: slot) ? groups.count - 1 : nil
        }
        func matches(_ group: Group, _ text: UnsafeBufferPointer<UInt8>, _ truncation: Truncation?) -> Bool {
            guard group.isTruncated == (truncation != nil), group.length == truncation?.length,
                group.hash == truncation?.hash
            else { return false }
            if graph.type[group.sample] != graph.types.consString {
                return graph.columns.strings[Int(graph.name[group.sample])].elementsEqual(text)
            }
            return names.name(of: group.sample).elementsEqual(text)
        }

        for node in 0..<graph.nodeCount {
            let type = graph.type[node]
            guard type == graph.types.string || type == graph.types.consString else { continue }
            let size = graph.columns.selfSize(node)
            if size == 0 { continue }
            let isCons = type == graph.types.consString
            if isCons, isFlat(graph, names, node) { continue }
            let truncation = hasTruncated ? Truncation(graph, node) : nil
            let name = Int(graph.name[node])
            var place: Int?
            if !isCons, truncation == nil, groupOfName.base[name] != 0 {
                place = Int(groupOfName.base[name] - 1)
            } else if isCons, truncation == nil, let known = groupOfCons[names.cons.beginning(of: node)] {
                place = known
            } else if isCons {
                place = names.name(of: node).withUnsafeBufferPointer { group(of: $0, node: node, truncation) }
                if truncation == nil { groupOfCons[names.cons.beginning(of: node)] = place }
            } else {
                place = group(of: graph.columns.strings[name], node: node, truncation)
                if truncation == nil, let place { groupOfName.base[name] = UInt32(place + 1) }
            }
            guard let place else { return nil }
            groups[place].count += 1
            groups[place].size &+= size
            groups[place].retainedSize &+= analysis.tree.retainedSizes[node]
        }
        return groups.filter { $0.count > 1 }
            .map { group in
                let value = names.name(of: group.sample)
                return DuplicateString(
                    value: HeapText.string(value), isCut: group.isTruncated || names.isCut(group.sample, value),
                    count: group.count,
                    size: group.size, retainedSize: group.retainedSize)
            }
            .sorted { ($1.wastedSize, $1.count) < ($0.wastedSize, $0.count) }
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
private struct Truncation {
    let length: Int?
    let hash: Int?

    /// nil where the string was not cut.
    init?(_ graph: HeapGraph, _ node: Int) {
        guard let mark = Self.target(graph, node, .truncated), graph.type[mark] == graph.types.number,
            graph.tag(ofNode: mark) == .bool, let value = Self.target(graph, mark, .value),
            graph.tag(ofNode: value) == .isTrue
        else { return nil }
        length = Self.number(graph, node, .length)
        hash = Self.number(graph, node, .hash)
    }

    private static func number(_ graph: HeapGraph, _ node: Int, _ name: TextTag) -> Int? {
        guard let box = target(graph, node, name), graph.type[box] == graph.types.number,
            graph.tag(ofNode: box) == .int, let value = target(graph, box, .value)
        else { return nil }
        return JavaScriptText.parseInt(graph.columns.strings[Int(graph.name[value])]).flatMap(Int.init(exactly:))
    }

    private static func target(_ graph: HeapGraph, _ node: Int, _ name: TextTag) -> Int? {
        graph.edges(of: node)
            .first {
                PackedEdge.type(graph.edge[$0]) == EdgeType.internal.rawValue && graph.tag(ofEdge: $0) == name
            }
            .map { PackedEdge.target(graph.edge[$0]) }
    }
}

extension SnapshotColumns {
    fileprivate func hasText(of tag: TextTag, _ tags: TextTags) -> Bool {
        (0..<strings.count).contains { tags.pointer[$0] == tag.rawValue }
    }
}

/// A quick hash of texts. What has the same hash is compared; another seed in each run keeps a document from being made whose
/// texts all have the same.
enum TextHash {
    static let seed = UInt64.random(in: .min ... .max)

    static func of(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = seed ^ UInt64(truncatingIfNeeded: text.count) &* 0x9E37_79B9_7F4A_7C15
        guard let base = text.baseAddress else { return hash }
        var index = 0
        func mix(_ word: UInt64) {
            hash = (hash ^ word) &* 0xFF51_AFD7_ED55_8CCD
            hash ^= hash &>> 32
        }
        while index &+ 8 <= text.count {
            mix(UnsafeRawPointer(base).loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index &+= 8
        }
        var rest: UInt64 = 0
        while index < text.count {
            rest = rest &<< 8 | UInt64(base[index])
            index &+= 1
        }
        mix(rest)
        return hash
    }
}
