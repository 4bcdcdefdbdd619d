import HeapSnapshot

/// Which texts are there, 5 bytes a slot, of which three quarters at most are taken: where 8 bits of their hashes agree, the texts
/// themselves are compared.
struct TextTable: Sendable {
    private let entries: Column<UInt32>
    private let tags: Column<UInt8>

    init?(for count: Int) {
        let capacity = count + count / 3 + 16
        guard let entries = Column<UInt32>(count: capacity, isPopulated: true),
            let tags = Column<UInt8>(count: capacity, isPopulated: true, isZero: false)
        else {
            return nil
        }
        self.entries = entries
        self.tags = tags
    }

    /// - Returns: the entry that has the text already, or else the new one.
    @inline(__always)
    func find(_ hash: UInt64, orInsert entry: UInt32, isSame: (UInt32) -> Bool) -> UInt32 {
        let (places, marks, end) = (entries.base, tags.base, entries.count)
        let tag = UInt8(truncatingIfNeeded: hash)
        var slot = Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(truncatingIfNeeded: end)).high)
        while places[slot] != 0 {
            let other = places[slot] &- 1
            if marks[slot] == tag, isSame(other) { return other }
            slot &+= 1
            if slot == end { slot = 0 }
        }
        places[slot] = entry &+ 1
        marks[slot] = tag
        return entry
    }
}
