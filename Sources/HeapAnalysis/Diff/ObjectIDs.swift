import HeapSnapshot

/// Whether the ids of two snapshots belong together.
///
/// V8 numbers objects when it first takes a snapshot, and forgets the numbers with an inspector's session; a forked copy takes its
/// numbers with it. So two forks of a process, like two processes, have mostly the same ids, for other objects. What they have in
/// common are V8's own objects, since those come first in each heap. Of objects with a class that somebody has named, 1 to 12 % are
/// of the same class in two dumps that do not belong together, and 99 % and more in two that do, on pairs of Node 18 to 24. (Two
/// processes that have done exactly the same count as one.)
enum ObjectIDs {
    private static let sampleCount = 20_000
    /// Fewer objects that both have tell nothing.
    private static let leastCount = 50
    private static let leastShare = 0.5

    /// - Parameter entries: of the newer snapshot.
    static func areUnrelated(
        _ base: DiffBase, _ entries: [ClassKey: DiffBase.Entry], _ analysis: HeapAnalysis
    ) -> Bool {
        var same = 0
        var others: Set<UInt64> = []
        for (key, id) in sample(base) {
            if let entry = entries[key], entry.holds(id) { same += 1 } else { others.insert(id) }
        }
        let columns = analysis.columns
        var different = 0
        for node in 0..<columns.nodeCount where columns.selfSizes[node] != 0 {
            if others.contains(columns.id(node)) { different += 1 }
        }
        return same + different < leastCount
            ? same == 0 && others.count >= leastCount : Double(same) < leastShare * Double(same + different)
    }

    /// Objects from all over the older heap.
    private static func sample(_ base: DiffBase) -> [(ClassKey, UInt64)] {
        let named = base.entries.filter { $0.value.isNamed }
        let count = named.reduce(0) { $0 + $1.value.objects.count }
        let stride = count / sampleCount + 1
        var place = 0
        return named.flatMap { key, entry in
            entry.objects.compactMap { object in
                place += 1
                return place % stride == 0 ? (key, object.id) : nil
            }
        }
    }
}

extension DiffBase.Entry {
    /// Not a category of DevTools', such as "(string)", which objects are of by chance.
    fileprivate var isNamed: Bool { !name.hasPrefix("(") && name != "Function" }

    /// By halves: the objects are in the order of their ids.
    fileprivate func holds(_ id: UInt64) -> Bool {
        var (low, high) = (0, objects.count)
        while low < high {
            let middle = (low + high) / 2
            if objects[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < objects.count && objects[low].id == id
    }
}
