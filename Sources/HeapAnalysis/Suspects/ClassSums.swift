import HeapSnapshot

/// Of some nodes, what those of each class retain.
struct ClassSums {
    struct Sum {
        /// A place in `ClassNames.classes`.
        let classIndex: Int
        var count: UInt64 = 0
        /// In bytes.
        var size: UInt64 = 0
        /// The largest.
        var sample = 0
        fileprivate var largest: UInt64 = 0
    }

    /// In the order of their first nodes.
    private(set) var sums: [Sum] = []
    /// By class: a place in `sums`, from 1.
    private let places: Column<UInt32>

    /// - Returns: nil where there is no memory.
    init?(classCount: Int) {
        guard let places = Column<UInt32>(count: classCount) else { return nil }
        self.places = places
    }

    /// - Parameter retained: in bytes.
    mutating func add(_ node: Int, _ retained: UInt64, _ classIndex: UInt32) {
        let place = Int(places.base[Int(classIndex)]) - 1
        guard place >= 0 else {
            sums.append(Sum(classIndex: Int(classIndex), count: 1, size: retained, sample: node, largest: retained))
            places.base[Int(classIndex)] = UInt32(sums.count)
            return
        }
        sums[place].count += 1
        sums[place].size += retained
        if retained > sums[place].largest { (sums[place].sample, sums[place].largest) = (node, retained) }
    }

    /// To begin anew.
    mutating func clear() {
        for sum in sums { places.base[sum.classIndex] = 0 }
        sums.removeAll(keepingCapacity: true)
    }
}
