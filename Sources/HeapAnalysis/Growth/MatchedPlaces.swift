/// The places of a heap in an older one.
///
/// A place is found again by the way that leads to it. Where that is another, as while a function of the application runs, contexts are
/// found again by the names of their variables, and what they lead to by the way from there.
struct MatchedPlaces {
    private let tree: PathTree
    /// By place of the newer heap; -1 for none.
    private let matches: [Int32]
    /// In bytes, by place of the newer heap: of the objects that were there, and of those below that are at no place of it.
    let shallowSizes: [UInt64]
    /// In bytes, likewise, with all that is reached over them in the newer heap.
    let sizes: [UInt64]

    private struct Key: Hashable {
        let parent: UInt32
        let label: UInt32
        let className: UInt32
        let kind: PathLabel.Kind

        init(_ place: PathTree.Place, below parent: UInt32) {
            (self.parent, label, className, kind) = (parent, place.label, place.className, place.kind)
        }
    }

    init(_ newer: PathTree, in tree: PathTree) {
        self.tree = tree
        let matches = Self.match(newer, tree)
        self.matches = matches
        (shallowSizes, sizes) = Self.sizes(newer, tree, matches)
    }

    func count(_ place: Int) -> UInt64 { matches[place] < 0 ? 0 : tree.places[Int(matches[place])].count }

    private static func match(_ newer: PathTree, _ tree: PathTree) -> [Int32] {
        var known: [Key: Int32] = [:]
        var scopes: [UInt32: Int32] = [:]
        for (index, place) in tree.places.enumerated().dropFirst() {
            known[Key(place, below: place.parent)] = Int32(truncatingIfNeeded: index)
            // Several of one scope are told apart by nothing but the ways that lead there.
            if let scope = place.scope { scopes[scope] = scopes[scope] == nil ? Int32(truncatingIfNeeded: index) : -1 }
        }
        var matches = [Int32](repeating: -1, count: newer.places.count)
        var isTaken = [Bool](repeating: false, count: tree.places.count)
        matches[PathTree.root] = Int32(PathTree.root)
        for (index, place) in newer.places.enumerated().dropFirst() {
            let parent = matches[Int(place.parent)]
            var match = parent < 0 ? -1 : known[Key(place, below: UInt32(parent))] ?? -1
            if match < 0, let scope = place.scope { match = scopes[scope] ?? -1 }
            guard match >= 0, !isTaken[Int(match)] else { continue }
            isTaken[Int(match)] = true
            matches[index] = match
        }
        return matches
    }

    private static func sizes(
        _ newer: PathTree, _ tree: PathTree, _ matches: [Int32]
    ) -> (shallow: [UInt64], all: [UInt64]) {
        var isMatched = [Bool](repeating: false, count: tree.places.count)
        for match in matches where match >= 0 { isMatched[Int(match)] = true }
        // What is at no place of the newer heap counts where the way to it is lost.
        var own = tree.places.map(\.shallowSize)
        for index in tree.places.indices.reversed() where !isMatched[index] {
            own[Int(tree.places[index].parent)].addSaturating(own[index])
        }
        let shallow = matches.map { $0 < 0 ? 0 : own[Int($0)] }
        var all = shallow
        for index in newer.places.indices.dropFirst().reversed() {
            all[Int(newer.places[index].parent)].addSaturating(all[index])
        }
        return (shallow, all)
    }
}
