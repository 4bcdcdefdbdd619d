import HeapSnapshot

/// Which nodes are so far from the roots, one byte a node: they are looked through once for each step of a path.
struct DistanceLevels {
    private let levels: Column<UInt8>
    private let count: Int

    /// Of those that count from the application's roots; as many of those that count from the root itself follow.
    private static let most: UInt32 = 126
    private static let system: UInt8 = 128
    /// Farther away, or not reached.
    private static let none: UInt8 = 127

    /// - Returns: nil where there is no memory.
    init?(_ distances: Distances) {
        count = distances.count
        guard let levels = Column<UInt8>(count: count + 8, isPopulated: true, isZero: false) else { return nil }
        self.levels = levels
        let level = levels.base
        for node in 0..<count { level[node] = Self.level(distances[node]) }
        for place in count..<count + 8 { level[place] = Self.none }
    }

    @inline(__always)
    private static func level(_ distance: Int32) -> UInt8 {
        let isOfSystem = distance >= Distances.systemBase
        let steps = UInt32(bitPattern: isOfSystem ? distance &- Distances.systemBase : distance)
        return steps > most ? none : UInt8(truncatingIfNeeded: steps) | (isOfSystem ? system : 0)
    }

    /// The nodes but for the root, in their order, until the body returns false. None where that is farther than levels tell.
    @inline(__always)
    func forEach(at distance: Int32, _ body: (_ node: Int) -> Bool) {
        let level = Self.level(distance)
        guard level != Self.none else { return }
        let wanted = UInt64(level) &* 0x0101_0101_0101_0101
        let bytes = UnsafeRawPointer(levels.base)
        var node = 0
        while node < count {
            let others = bytes.loadUnaligned(fromByteOffset: node, as: UInt64.self).littleEndian ^ wanted
            // The high bit of each byte that is zero, and of no other below the first such.
            var found = (others &- 0x0101_0101_0101_0101) & ~others & 0x8080_8080_8080_8080
            while found != 0 {
                let place = node &+ found.trailingZeroBitCount &>> 3
                if levels.base[place] == level, place != HeapGraph.root, !body(place) {
                    return
                }
                found &= found &- 1
            }
            node &+= 8
        }
    }
}
