import HeapSnapshot

/// Which texts are there, 5 bytes a place, of which three quarters at most are taken: where 8 bits of their hashes agree, the texts themselves are compared.
struct TextTable: Sendable {
    private let entries: Column<UInt32>
    private let tags: Column<UInt8>
    private let mask: Int

    init?(for count: Int) {
        var capacity = 16
        while capacity < count &+ count / 3 { capacity *= 2 }
        guard let entries = Column<UInt32>(count: capacity, isPopulated: true),
            let tags = Column<UInt8>(count: capacity, isPopulated: true)
        else {
            return nil
        }
        self.entries = entries
        self.tags = tags
        mask = capacity - 1
    }

    /// - Returns: the entry that has the text already, or else the new one.
    @inline(__always)
    func find(_ hash: UInt64, orInsert entry: UInt32, isSame: (UInt32) -> Bool) -> UInt32 {
        let (places, marks) = (entries.base, tags.base)
        let tag = UInt8(truncatingIfNeeded: hash)
        var slot = Int(truncatingIfNeeded: hash &>> 20) & mask
        while places[slot] != 0 {
            let other = places[slot] &- 1
            if marks[slot] == tag, isSame(other) { return other }
            slot = (slot &+ 1) & mask
        }
        places[slot] = entry &+ 1
        marks[slot] = tag
        return entry
    }
}
