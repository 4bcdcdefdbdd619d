import HeapSnapshot

/// Of some nodes, the sizes of those of each class.
struct ClassSums {
    struct Sum: Equatable {
        /// A place in `ClassNames.classes`.
        let classIndex: Int
        let count: UInt64
        /// In bytes.
        let size: UInt64
    }

    // By class: there may be as many as nodes.
    private let counts: Column<UInt32>
    private let sizes: Column<UInt64>
    /// The classes that there are nodes of, in the order of their first nodes.
    private let present: Column<UInt32>
    /// How many these are.
    private(set) var classCount = 0

    /// - Returns: nil where there is no memory.
    init?(classCount: Int) {
        guard let counts = Column<UInt32>(count: classCount), let sizes = Column<UInt64>(count: classCount),
            let present = Column<UInt32>(count: classCount, isZero: false)
        else { return nil }
        (self.counts, self.sizes, self.present) = (counts, sizes, present)
    }

    /// Adds a node.
    /// - Parameter nodeSize: in bytes.
    mutating func add(_ nodeSize: UInt64, _ classIndex: UInt32) {
        let index = Int(classIndex)
        if counts.base[index] == 0 {
            present.base[classCount] = classIndex
            classCount &+= 1
        }
        counts.base[index] &+= 1
        sizes.base[index] &+= nodeSize
    }

    /// The first of those with most.
    /// - Parameter isMeant: asked of those alone that have more than any that was meant before.
    func largest(where isMeant: (Sum) -> Bool = { _ in true }) -> Sum? {
        var largest: Sum?
        for place in 0..<classCount {
            let index = Int(present.base[place])
            if let largest, sizes.base[index] <= largest.size { continue }
            let sum = Sum(classIndex: index, count: UInt64(counts.base[index]), size: sizes.base[index])
            if isMeant(sum) { largest = sum }
        }
        return largest
    }

    /// The sums, in the order of the classes' first nodes.
    func map<Result>(_ body: (_ classIndex: UInt32, _ count: UInt32, _ size: UInt64) -> Result) -> [Result] {
        (0..<classCount).map { place in
            let index = Int(present.base[place])
            return body(present.base[place], counts.base[index], sizes.base[index])
        }
    }

    /// To begin anew.
    mutating func clear() {
        for place in 0..<classCount {
            let index = Int(present.base[place])
            (counts.base[index], sizes.base[index]) = (0, 0)
        }
        classCount = 0
    }
}
