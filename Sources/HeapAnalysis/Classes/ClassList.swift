/// Some classes of a heap, in an order of their own.
///
/// There may be as many as nodes, of which few are looked at: four bytes each.
public struct ClassList: RandomAccessCollection, Sendable {
    private let places: [UInt32]
    private let figures: ClassFigures

    /// - Parameter places: in `ClassNames.classes`.
    init(_ places: [UInt32], _ figures: ClassFigures) {
        self.places = places
        self.figures = figures
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { places.count }
    public subscript(position: Int) -> ClassSummary { ClassSummary(Int(places[position]), figures) }
}
