/// The ids of the nodes, in two bytes each: V8 numbers objects in the order in which it lists them, mostly, so that an id is near that
/// of the first node of its block. Those that are not stand in a list.
public final class NodeIDColumn: @unchecked Sendable {
    struct Far {
        let ordinal: UInt32
        let id: UInt64
    }

    let bases: Column<UInt64>
    let distances: Column<Int16>
    /// In the nodes' order.
    var far: [Far] = []

    static let blockShift = 6
    static let blockMask = 1 << blockShift - 1
    static let farMark = Int16.min

    @inline(__always)
    static func holds(_ distance: Int64) -> Bool { distance > Int64(farMark) && distance <= Int64(Int16.max) }

    init?(count: Int) {
        guard let bases = Column<UInt64>(count: count >> Self.blockShift + 1),
            let distances = Column<Int16>(count: count)
        else { return nil }
        self.bases = bases
        self.distances = distances
    }

    public subscript(node: Int) -> UInt64 {
        let distance = distances.base[node]
        if distance != Self.farMark {
            return bases.base[node &>> Self.blockShift] &+ UInt64(bitPattern: Int64(distance))
        }
        var (low, high) = (0, far.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(far[middle].ordinal) <= node { low = middle } else { high = middle }
        }
        return far[low].id
    }
}
