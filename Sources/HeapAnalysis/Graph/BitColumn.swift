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

    /// In their order. Those that the body sets may be among them or not.
    @inline(__always)
    func forEach(_ body: (_ index: Int) throws -> Void) rethrows {
        for place in 0..<words.count {
            var word = pointer[place]
            while word != 0 {
                try body(place &<< 6 &+ word.trailingZeroBitCount)
                word &= word &- 1
            }
        }
    }

    func clear(_ index: Int) {
        pointer[index &>> 6] &= ~(1 &<< UInt64(truncatingIfNeeded: index & 63))
    }

    @inline(__always)
    func set(_ index: Int) {
        pointer[index &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: index & 63)
    }
}
