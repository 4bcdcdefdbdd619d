import HeapSnapshot

/// Some classes of a heap, in an order of their own.
///
/// There may be as many as nodes, of which few are looked at: four bytes each, and a summary is made when it is asked for.
public struct ClassList: RandomAccessCollection, Sendable {
    /// In `ClassNames.classes`.
    let places: [UInt32]
    private let names: ClassNames
    private let rows: Column<GroupTable.Row>
    private let scripts: ScriptNames

    /// - Parameters:
    ///   - places: in `ClassNames.classes`.
    ///   - rows: of all classes.
    init(_ places: [UInt32], _ names: ClassNames, _ rows: Column<GroupTable.Row>, _ scripts: ScriptNames) {
        (self.places, self.names, self.rows, self.scripts) = (places, names, rows, scripts)
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { places.count }

    public subscript(position: Int) -> ClassSummary {
        let index = Int(places[position])
        let row = rows[index]
        var summary = ClassSummary(
            name: names.name(of: index), count: row.count, shallowSize: row.shallowSize,
            retainedSize: row.retainedSize, distance: row.distance)
        summary.place = scripts.place(of: names.location(of: index))
        return summary
    }

    /// In bytes.
    func retainedSize(ofClass index: Int) -> UInt64 { rows[index].retainedSize }
}
