import HeapSnapshot

/// The lists of properties that plain objects have, as interfaces name them: with how many objects have each.
///
/// By numbers of texts, not by the texts: a property's name may have many megabytes, and stand in each object.
struct InterfaceCandidates {
    private struct Candidate {
        /// In `properties`.
        let start, end: Int
        /// From which on they make its name.
        let named: Int
        var count: UInt64
    }

    private struct Property {
        /// Of the first string with this text.
        let text: UInt32
        /// Of what the name of an interface has of it, in UTF-16 code units; one more than the longest where it is longer.
        let length: Int
    }

    private let graph: HeapGraph
    private var candidates: [Candidate] = []
    private var table: HashTable
    private var properties: [UInt32] = []
    /// By string, as far as they were asked for.
    private var known: [UInt32: Property] = [:]
    private var texts: [TextIdentity: UInt32] = [:]

    /// In UTF-16 code units. A name goes beyond it for its first property alone.
    private static let longestName = 120

    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph) {
        guard let table = HashTable(capacity: 1 << 10) else { return nil }
        self.table = table
        self.graph = graph
    }

    /// Counts objects of a shape.
    /// - Returns: false where there is no memory.
    mutating func add(_ names: UnsafeBufferPointer<UInt32>, count: UInt64) -> Bool {
        let start = properties.count
        // Names that are empty leave none of their own before others.
        var named = start
        var length = 1
        var hash = TextHash.seed
        for name in names where graph.tags[name] != .proto {
            let property = property(name)
            if length > 1, length + property.length > Self.longestName { break }
            if length != 1 { length += 2 }
            length += property.length
            properties.append(property.text)
            if length == 1 { named = properties.count } else { hash = TextHash.next(hash, UInt64(property.text)) }
        }
        // An object without properties.
        guard properties.count > start else { return true }
        let slot = table.slot(hash) { candidate in
            let other = candidates[candidate]
            return properties[other.named..<other.end] == properties[named...]
        }
        if let place = table[slot] {
            candidates[place].count += count
            properties.removeSubrange(start...)
            return true
        }
        guard MemoryGuard.shared.admitsNext(candidates.count, of: 40 + 4 * (properties.count - start)) else {
            return false
        }
        candidates.append(Candidate(start: start, end: properties.count, named: named, count: count))
        return table.insert(candidates.count - 1, hash, at: slot)
    }

    private mutating func property(_ name: UInt32) -> Property {
        if let property = known[name] { return property }
        let text = graph.columns.strings[Int(name)]
        let isLong = JavaScriptText.prefixLength(text, units: Self.longestName) < text.count
        let length =
            isLong ? Self.longestName + 1 : JavaScriptText.length(InterfaceInference.format(Array(text)))
        let identity = TextIdentity(text)
        let first = texts[identity] ?? name
        texts[identity] = first
        let property = Property(text: first, length: length)
        known[name] = property
        return property
    }

    /// - Parameter least: so many objects must have it.
    /// - Returns: those that most objects have first; among equals, as in JavaScript's sort, those of earlier objects.
    func interfaces(atLeast least: Double) -> [Interface] {
        candidates.filter { Double($0.count) >= least }.enumerated()
            .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
            .map { interface($0.element) }
    }

    private func interface(_ candidate: Candidate) -> Interface {
        let texts = properties[candidate.start..<candidate.end].map { Array(graph.columns.strings[Int($0)]) }
        let named = texts.dropFirst(candidate.named - candidate.start).map(InterfaceInference.format)
        return Interface(
            name: Array("{".utf8) + named.joined(separator: ", ".utf8) + Array("}".utf8), properties: texts)
    }
}
