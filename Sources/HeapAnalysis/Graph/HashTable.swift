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

    @inline(__always)
    func start(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> 20) & mask }

    @inline(__always)
    func next(_ slot: Int) -> Int { (slot &+ 1) & mask }

    /// nil where the slot is free.
    @inline(__always)
    subscript(slot: Int) -> Int? {
        let entry = entries.base[slot]
        return entry == 0 ? nil : Int(entry &- 1)
    }

    @inline(__always)
    func hash(_ slot: Int) -> UInt64 { hashes.base[slot] }

    /// Into a free slot. Slots are others afterwards.
    /// - Returns: false where there is no memory.
    mutating func insert(_ value: Int, _ hash: UInt64, at slot: Int) -> Bool {
        entries.base[slot] = UInt32(truncatingIfNeeded: value &+ 1)
        hashes.base[slot] = hash
        count += 1
        return count * 2 <= mask || grow()
    }

    private mutating func grow() -> Bool {
        guard let larger = HashTable(capacity: (mask + 1) * 2) else { return false }
        for slot in 0...mask where entries.base[slot] != 0 {
            let hash = hashes.base[slot]
            var place = larger.start(hash)
            while larger[place] != nil { place = larger.next(place) }
            larger.entries.base[place] = entries.base[slot]
            larger.hashes.base[place] = hash
        }
        (entries, hashes, mask) = (larger.entries, larger.hashes, larger.mask)
        return true
    }
}
