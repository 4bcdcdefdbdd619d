/// Where two or more heaps of one program differ: the places that hold more in each than in the one before.
///
/// A place that grows makes all that lead to it grow. Told is the one where the growth begins: the objects there became more, and those
/// that lead there did not; or they hold more themselves.
struct GrownPlaces {
    struct Growth {
        /// What holds it: a place of the newest heap.
        let holder: Int
        /// Where there is more: the holder, or a place below it.
        let front: Int
        /// Of the objects at the front, one for each heap.
        let counts: [UInt64]
        /// In bytes, of all that began to grow below the holder, likewise.
        let sizes: [UInt64]

        /// As many as before, which are larger.
        var isLarger: Bool { Set(counts).count == 1 }
        var sizeDelta: Int64 { Int64(clamping: sizes.last ?? 0) - Int64(clamping: sizes.first ?? 0) }
    }

    private let newest: PathTree
    /// One for each older heap.
    private let older: [MatchedPlaces]
    /// By place: itself, or what keeps its parts in it where it is a store of V8's.
    private let owners: [UInt32]

    /// What grew by less than this part of the largest growth is not told: V8 and Node keep records of what a program does.
    private static let leastShare = 0.05
    private static let leastBytes: Int64 = 4096

    /// - Parameter trees: at least two, the oldest first.
    init(_ trees: [PathTree], _ vocabulary: PathVocabulary) {
        newest = trees[trees.count - 1]
        older = trees.dropLast().map { [newest] in MatchedPlaces(newest, in: $0) }
        var owners = [UInt32](repeating: UInt32(PathTree.root), count: newest.places.count)
        for (index, place) in newest.places.enumerated().dropFirst() {
            owners[index] =
                vocabulary.isStore(place.className) ? owners[Int(place.parent)] : UInt32(truncatingIfNeeded: index)
        }
        self.owners = owners
    }

    private func counts(_ place: Int) -> [UInt64] { older.map { $0.count(place) } + [newest.places[place].count] }

    private func shallowSizes(_ place: Int) -> [UInt64] {
        older.map { $0.shallowSizes[place] } + [newest.places[place].shallowSize]
    }

    private func sizes(_ place: Int) -> [UInt64] { older.map { $0.sizes[place] } + [newest.places[place].size] }

    private static func grew(_ values: [UInt64]) -> Bool { zip(values, values.dropFirst()).allSatisfy { $0 < $1 } }

    /// Whether there were more objects each time.
    private func becameMore(_ place: Int) -> Bool { grew(to: newest.places[place].count) { $0.count(place) } }

    private func becameLarger(_ place: Int) -> Bool {
        grew(to: newest.places[place].shallowSize) { $0.shallowSizes[place] }
    }

    /// As `grew` of a list. Asked of each place: hence none is made.
    private func grew(to newest: UInt64, from value: (MatchedPlaces) -> UInt64) -> Bool {
        var before = value(older[0])
        for heap in older.dropFirst() {
            let next = value(heap)
            if next <= before { return false }
            before = next
        }
        return before < newest
    }

    /// The largest growth first.
    /// - Parameter most: of them.
    func largest(_ most: Int) -> [Growth] {
        var fronts: [Int: [Front]] = [:]
        for front in disjointFronts() {
            let holder = holder(of: front.place)
            // What V8's own roots hold by V8's own objects alone is V8's.
            if holder != PathTree.root || owners[front.place] == front.place {
                fronts[holder, default: []].append(front)
            }
        }
        let grown = fronts.map { holder, fronts -> Growth in
            let front = Self.front(of: fronts, becameMore: becameMore)
            var sizes = [UInt64](repeating: 0, count: older.count + 1)
            for front in fronts {
                for (heap, size) in front.sizes.enumerated() { sizes[heap].addSaturating(size) }
            }
            return Growth(holder: holder, front: front, counts: counts(front), sizes: sizes)
        }.sorted { ($1.sizeDelta, $0.holder) < ($0.sizeDelta, $1.holder) }
        let least = max(Self.leastBytes, Int64(Double(grown.first?.sizeDelta ?? 0) * Self.leastShare))
        return Array(grown.prefix { $0.sizeDelta >= least }.prefix(most))
    }

    /// All, each without what grew below it.
    private func disjointFronts() -> [Front] {
        var fronts: [Int: Front] = [:]
        for place in newest.places.indices.dropFirst() {
            fronts[place] = ownGrowth(at: place)
        }
        let whole = fronts
        // By place: the nearest one above of which all that is reached over it counts.
        var above = [UInt32](repeating: UInt32(PathTree.root), count: newest.places.count)
        for (index, place) in newest.places.enumerated().dropFirst() {
            let parent = Int(place.parent)
            above[index] = whole[parent]?.hasAll == true ? place.parent : above[parent]
        }
        for front in whole.values { fronts[Int(above[front.place])]?.subtract(front) }
        return fronts.values.filter { Self.grew($0.sizes) }
    }

    /// Which of several to tell: the objects that became more, unless the store that keeps them grew by far more than they did.
    private static func front(of fronts: [Front], becameMore: (Int) -> Bool) -> Int {
        let sorted = fronts.sorted { ($1.delta, $0.place) < ($0.delta, $1.place) }
        let least = sorted[0].delta / 10
        return (sorted.first { $0.delta >= least && becameMore($0.place) } ?? sorted[0]).place
    }

    private struct Front {
        let place: Int
        /// In bytes, one for each heap.
        private(set) var sizes: [UInt64]
        /// Whether they are of all that is reached over the objects, not of these alone.
        let hasAll: Bool

        mutating func subtract(_ other: Front) {
            for (heap, size) in other.sizes.enumerated() { sizes[heap] -= min(size, sizes[heap]) }
        }

        var delta: UInt64 { (sizes.last ?? 0) - (sizes.first ?? 0) }
    }

    /// - Returns: nil where nothing began to grow.
    private func ownGrowth(at place: Int) -> Front? {
        guard becameMore(place) else {
            // As many as before, which have become larger.
            return becameLarger(place) ? Front(place: place, sizes: shallowSizes(place), hasAll: false) : nil
        }
        let parent = Int(newest.places[place].parent)
        if becameMore(parent), !Self.grewByFarMore(counts(place), than: counts(parent)) { return nil }
        let front = Front(place: place, sizes: sizes(place), hasAll: true)
        return Self.grew(front.sizes) ? front : nil
    }

    /// Whether there are not only more objects that hold such, but each holds more.
    private static func grewByFarMore(_ counts: [UInt64], than above: [UInt64]) -> Bool {
        guard above[0] > 0 else { return false }
        func each(_ heap: Int) -> Double { Double(counts[heap]) / Double(above[heap]) }
        return each(counts.count - 1) >= 2 * max(each(0), 0.5)
    }

    /// The object that people know: not a store of V8's that it keeps its parts in.
    private func holder(of front: Int) -> Int {
        Int(owners[becameMore(front) ? Int(newest.places[front].parent) : front])
    }
}
