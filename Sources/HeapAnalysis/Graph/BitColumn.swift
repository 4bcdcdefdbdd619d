import HeapSnapshot

/// One bit for each of many things.
struct BitColumn: @unchecked Sendable {
    private let words: Column<UInt64>
    let pointer: UnsafeMutablePointer<UInt64>

    init?(count: Int) {
        guard let words = Column<UInt64>(count: count / 64 + 1) else { return nil }
        self.words = words
        pointer = words.base
    }

    @inline(__always)
    subscript(index: Int) -> Bool {
        (pointer[index &>> 6] &>> UInt64(truncatingIfNeeded: index & 63)) & 1 != 0
    }

    func clear(_ index: Int) {
        pointer[index &>> 6] &= ~(1 &<< UInt64(truncatingIfNeeded: index & 63))
    }

    @inline(__always)
    func set(_ index: Int) {
        pointer[index &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: index & 63)
    }
}
