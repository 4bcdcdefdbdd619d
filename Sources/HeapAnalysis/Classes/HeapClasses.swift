import HeapSnapshot

/// All classes of a heap.
///
/// DevTools has one row for a name and place: where nodes of different kinds bear the name of a category of DevTools' own, such as
/// an object named "Function", it shows the class whose first object comes last. The others are `hidden`.
public struct HeapClasses: Sendable {
    /// The largest retained size first.
    public let shown: [ClassSummary]
    /// The largest retained size first.
    public let hidden: [ClassSummary]

    init(_ analysis: HeapAnalysis) throws(HeapAnalysis.OutOfMemory) {
        let groups = ClassGroups(analysis.names)
        guard let table = GroupTable(analysis.graph, groups, analysis.distances, analysis.tree),
            let classes = HeapClasses(analysis.names, table)
        else { throw HeapAnalysis.OutOfMemory() }
        self = classes
    }

    /// - Returns: nil where there is no memory.
    init?(_ names: ClassNames, _ table: GroupTable) {
        let rows = table.rows
        let figures = ClassFigures(names, rows)
        guard let hashes = Column<UInt64>(count: rows.count), let sieve = HashSieve(for: rows.count) else { return nil }
        for index in 0..<rows.count where rows[index].count > 0 {
            let place = UInt64(names.classes[index].place)
            let hash = names.withName(of: index) { TextHash.of($0) } ^ place &* 0x9E37_79B9_7F4A_7C15
            hashes[index] = hash
            sieve.add(hash)
        }
        var shown: [Int] = []
        var alike: [Int] = []
        for index in 0..<rows.count where rows[index].count > 0 {
            if sieve.mayStandTwice(hashes[index]) { alike.append(index) } else { shown.append(index) }
        }
        // The class whose first object comes last is the first to take its name.
        alike.sort { rows[$0].firstNode > rows[$1].firstNode }
        guard let seen = TextTable(for: alike.count) else { return nil }
        var hidden: [Int] = []
        for index in alike {
            let entry = UInt32(truncatingIfNeeded: index)
            let first = seen.find(hashes[index], orInsert: entry) { other in
                names.classes[Int(other)].place == names.classes[index].place
                    && names.withName(of: index) { name in
                        names.withName(of: Int(other)) { TextHash.areSame($0, name) }
                    }
            }
            if first == entry { shown.append(index) } else { hidden.append(index) }
        }
        func summaries(_ indices: [Int]) -> [ClassSummary] {
            indices.sorted { a, b in
                (rows[b].retainedSize, rows[b].shallowSize, a) < (rows[a].retainedSize, rows[a].shallowSize, b)
            }
            .map { ClassSummary($0, figures) }
        }
        self.shown = summaries(shown)
        self.hidden = summaries(hidden)
    }
}

struct ClassGroups: NodeGroups {
    let count: Int
    private let ofNode: UnsafeMutablePointer<UInt32>

    /// - Parameter names: outlive this.
    init(_ names: ClassNames) {
        count = names.classCount
        ofNode = names.ofNode.base
    }

    @inline(__always)
    func group(of node: Int) -> Int { Int(ofNode[node]) }
}
