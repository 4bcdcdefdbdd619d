import HeapSnapshot

/// What the two edges to a value of a WeakMap, from the table and from the key, say of it.
struct WeakMapPair: Sendable {
    /// The id of the table's node.
    let tableID: UInt64
    /// The same for both edges, from 0.
    let number: Int
}

/// Those of all WeakMaps, by the names of their edges.
struct WeakMapPairs: Sendable {
    private var table: HashTable?
    private var pairs: [WeakMapPair] = []
    private var names: [UInt32] = []
    /// Numbers that the pairs have.
    private(set) var count = 0

    var isEmpty: Bool { pairs.isEmpty }

    /// - Parameter names: the indices of all strings that are such a name.
    /// - Returns: nil where there is no memory.
    init?(_ strings: StringColumn, names: [UInt32]) {
        guard !names.isEmpty else { return }
        guard MemoryGuard.shared.admits(names.count * 32), var table = HashTable(capacity: 1 << 10),
            let parts = TextTable(for: names.count)
        else { return nil }
        pairs.reserveCapacity(names.count)
        // A pair is known by what both names of it have in common.
        func part(_ index: UInt32, _ name: WeakMapPairName) -> UnsafeBufferPointer<UInt8> {
            UnsafeBufferPointer(rebasing: strings[Int(index)].dropFirst(name.prefixLength))
        }
        for index in names {
            guard let name = WeakMapPairName(strings[Int(index)]) else { continue }
            let own = part(index, name)
            let place = UInt32(truncatingIfNeeded: pairs.count)
            let first = parts.find(TextHash.of(own), orInsert: place) { [self] other in
                let index = self.names[Int(other)]
                return WeakMapPairName(strings[Int(index)]).map { TextHash.areSame(part(index, $0), own) } ?? false
            }
            if first == place { count += 1 }
            let number = first == place ? count - 1 : pairs[Int(first)].number
            pairs.append(WeakMapPair(tableID: name.tableID, number: number))
            self.names.append(index)
            let hash = Self.hash(index)
            guard table.insert(Int(place), hash, at: table.slot(hash) { _ in false }) else { return nil }
        }
        self.table = table
    }

    /// - Parameter name: the index of a string.
    subscript(name: UInt32) -> WeakMapPair? {
        guard let table else { return nil }
        return table[table.slot(Self.hash(name)) { names[$0] == name }].map { pairs[$0] }
    }

    private static func hash(_ name: UInt32) -> UInt64 { TextHash.of(UInt64(name)) }
}
