import HeapSnapshot

/// All classes of a heap.
///
/// DevTools has one row for a name and place: where nodes of different kinds bear the name of a category of DevTools' own, such as
/// an object named "Function", it shows the class whose first object comes last. The others are `hidden`.
public struct HeapClasses: Sendable {
    /// The largest retained size first.
    public let shown: ClassList
    /// The largest retained size first.
    public let hidden: ClassList

    init(_ analysis: HeapAnalysis) throws(HeapAnalysis.OutOfMemory) {
        let groups = ClassGroups(analysis.names)
        guard let table = GroupTable(analysis.graph, groups, analysis.distances, analysis.tree),
            let classes = HeapClasses(analysis.names, table, analysis.scripts)
        else { throw HeapAnalysis.OutOfMemory() }
        self = classes
    }

    /// - Returns: nil where there is no memory.
    init?(_ names: ClassNames, _ table: GroupTable, _ scripts: ScriptNames) {
        let rows = table.rows
        guard let hashes = Column<UInt64>(count: rows.count), let sieve = HashSieve(for: rows.count) else { return nil }
        for index in 0..<rows.count where rows[index].count > 0 {
            // Many classes differ in their place alone, and a name may be long: it is read once.
            let plain = names.classes[index].plain
            if hashes[plain] == 0 { hashes[plain] = names.withName(of: plain) { TextHash.of($0) } | 1 }
            if plain != index { hashes[index] = hashes[plain] ^ TextHash.of(UInt64(names.classes[index].place)) & ~1 }
            sieve.add(hashes[index])
        }
        var shown: [UInt32] = []
        var alike: [UInt32] = []
        for index in 0..<rows.count where rows[index].count > 0 {
            let entry = UInt32(truncatingIfNeeded: index)
            if sieve.mayStandTwice(hashes[index]) { alike.append(entry) } else { shown.append(entry) }
        }
        // The class whose first object comes last is the first to take its name.
        alike.sort { rows[Int($0)].firstNode > rows[Int($1)].firstNode }
        guard let seen = TextTable(for: alike.count) else { return nil }
        var hidden: [UInt32] = []
        for entry in alike {
            let index = Int(entry)
            let first = seen.find(hashes[index], orInsert: entry) { other in
                names.classes[Int(other)].place == names.classes[index].place
                    && names.withName(of: index) { name in
                        names.withName(of: Int(other)) { TextHash.areSame($0, name) }
                    }
            }
            if first == entry { shown.append(entry) } else { hidden.append(entry) }
        }
        func list(_ places: inout [UInt32]) -> ClassList {
            places.sort { a, b in
                let (x, y) = (rows[Int(a)], rows[Int(b)])
                return (y.retainedSize, y.shallowSize, a) < (x.retainedSize, x.shallowSize, b)
            }
            return ClassList(places, names, rows, scripts)
        }
        self.shown = list(&shown)
        self.hidden = list(&hidden)
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
