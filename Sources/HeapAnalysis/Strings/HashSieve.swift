/// Tells apart of many hashes most of those that stand once: what is left, those that stand several times and one in a dozen of the
/// others, is to be compared. Two bits for each of sixteen places a hash, of which each looks at one and waits for nothing, where in a
/// table of all each would wait for what it finds there.
struct HashSieve {
    private let once: BitColumn
    private let again: BitColumn
    private let mask: Int

    /// - Parameter count: of hashes that are to come.
    /// - Returns: nil where there is no memory.
    init?(for count: Int) {
        var places = 64
        while places < count * 16 { places *= 2 }
        guard let once = BitColumn(count: places), let again = BitColumn(count: places) else { return nil }
        (self.once, self.again, mask) = (once, again, places - 1)
    }

    @inline(__always)
    private func place(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash &>> 20) & mask }

    @inline(__always)
    func add(_ hash: UInt64) {
        let place = place(hash)
        if once[place] { again.set(place) } else { once.set(place) }
    }

    /// Whether one of the other hashes may be the same.
    @inline(__always)
    func mayStandTwice(_ hash: UInt64) -> Bool { again[place(hash)] }
}
