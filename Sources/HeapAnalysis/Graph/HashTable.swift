import HeapSnapshot

/// Numbers by hashes, with open addressing: the caller says what is equal.
struct HashTable: Sendable {
    private var entries: Column<UInt32>
    private var hashes: Column<UInt64>
    private var mask: Int
    private var count = 0

    init?(capacity: Int) {
        guard let entries = Column<UInt32>(count: capacity), let hashes = Column<UInt64>(count: capacity) else {
            return nil
        }
        self.entries = entries
        self.hashes = hashes
        mask = capacity - 1
    }

    /// - Parameter isSame: whether a value with that hash is the one.
    /// - Returns: the slot that has it, or else the free one where it is to be.
    @inline(__always)
    func slot(_ hash: UInt64, _ isSame: (Int) -> Bool) -> Int {
        var slot = Int(truncatingIfNeeded: hash &>> 20) & mask
        while let value = self[slot] {
            if hashes.base[slot] == hash, isSame(value) { break }
            slot = (slot &+ 1) & mask
        }
        return slot
    }

    /// nil where the slot is free.
    @inline(__always)
    subscript(slot: Int) -> Int? {
        let entry = entries.base[slot]
        return entry == 0 ? nil : Int(entry &- 1)
    }

    /// Into a free slot. Slots are others afterwards.
    /// - Returns: false where there is no memory.
    mutating func insert(_ value: Int, _ hash: UInt64, at slot: Int) -> Bool {
        entries.base[slot] = UInt32(truncatingIfNeeded: value &+ 1)
        hashes.base[slot] = hash
        count += 1
        return count * 2 <= mask || grow()
    }

    private mutating func grow() -> Bool {
        let capacity = (mask + 1) * 2
        guard MemoryGuard.shared.admits(capacity * 12), let larger = HashTable(capacity: capacity) else { return false }
        for slot in 0...mask where entries.base[slot] != 0 {
            let hash = hashes.base[slot]
            let place = larger.slot(hash) { _ in false }
            larger.entries.base[place] = entries.base[slot]
            larger.hashes.base[place] = hash
        }
        (entries, hashes, mask) = (larger.entries, larger.hashes, larger.mask)
        return true
    }
}
