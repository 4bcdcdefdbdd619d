import HeapSnapshot

/// The places of a heap: objects that are reached from the roots in the same way count as one.
///
/// An object's place is that of the object which leads to it on a shortest path, with the name of the edge and its class. Elements of
/// arrays, entries of Maps and properties of objects that serve as dictionaries are one place each, and so are the objects of a list or
/// a tree, whose steps repeat. Ids play no part: two heaps of one program have the same places, whatever they are numbered by.
public final class PathTree: Sendable {
    /// In the order in which they were reached: each after the one that leads to it.
    let places: [Place]

    struct Place: Sendable {
        /// The place that leads here; the root's is itself.
        let parent: UInt32
        /// Numbers of `PathVocabulary`.
        let label, className: UInt32
        /// How the last step leads here.
        let kind: PathLabel.Kind
        /// Of a function's context: the number of its variables' names together. Nil for all else.
        let scope: UInt32?
        /// Of the objects here, the one that was reached first.
        let firstNode: UInt32
        var count: UInt64 = 0
        /// In bytes, of the objects here.
        var shallowSize: UInt64 = 0
        /// In bytes, of these and of all that is reached over them.
        var size: UInt64 = 0
    }

    static let root = 0

    /// - Parameter vocabulary: of all heaps that are compared.
    public init(_ analysis: HeapAnalysis, _ vocabulary: PathVocabulary) throws(HeapAnalysis.OutOfMemory) {
        guard var search = PathMerge(analysis, vocabulary) else { throw HeapAnalysis.OutOfMemory() }
        search.run()
        guard let places = search.places() else { throw HeapAnalysis.OutOfMemory() }
        self.places = places
    }
}
