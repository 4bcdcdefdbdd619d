public import HeapSnapshot

/// What DevTools' summary shows of a class.
///
/// Looked up when it is asked for: of a million classes a few are shown.
public struct ClassSummary: Sendable {
    /// Its place among all classes of the heap.
    let index: Int
    private let figures: ClassFigures

    init(_ index: Int, _ figures: ClassFigures) {
        self.index = index
        self.figures = figures
    }

    private var row: GroupTable.Row { figures.rows[index] }

    public var name: String { figures.names.name(of: index) }

    public var location: ScriptLocation? { figures.names.location(of: index) }

    /// Of objects that take memory.
    public var count: UInt64 { row.count }

    /// In bytes.
    public var shallowSize: UInt64 { row.shallowSize }

    /// In bytes; of objects that no other object of the class holds.
    public var retainedSize: UInt64 { row.retainedSize }

    /// Of the object nearest to the roots.
    public var distance: Int32 { row.distance }
}

/// Of all classes of a heap.
final class ClassFigures: Sendable {
    let names: ClassNames
    let rows: Column<GroupTable.Row>

    init(_ names: ClassNames, _ rows: Column<GroupTable.Row>) {
        self.names = names
        self.rows = rows
    }
}
