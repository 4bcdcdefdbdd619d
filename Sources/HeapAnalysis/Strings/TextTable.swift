import HeapSnapshot

/// Which texts are there, 4 bytes a place: the texts themselves are compared.
struct TextTable {
    private let entries: Column<UInt32>
    private let mask: Int

    init?(for count: Int) {
        var capacity = 16
        while capacity < count * 2 { capacity *= 2 }
        guard let entries = Column<UInt32>(count: capacity) else { return nil }
        self.entries = entries
        mask = capacity - 1
    }

    /// - Returns: the entry that has the text already, or else the new one.
    @inline(__always)
    mutating func find(_ hash: UInt64, orInsert entry: UInt32, isSame: (UInt32) -> Bool) -> UInt32 {
        var slot = Int(truncatingIfNeeded: hash &>> 20) & mask
        while entries.base[slot] != 0 {
            let other = entries.base[slot] &- 1
            if isSame(other) { return other }
            slot = (slot &+ 1) & mask
        }
        entries.base[slot] = entry &+ 1
        return entry
    }
}
