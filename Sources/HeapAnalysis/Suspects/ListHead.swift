import HeapSnapshot

/// Where on a way down the tree of dominators a list or a tree begins.
///
/// Each node of the way holds nearly all of what the one before does. The links of a list do so too, and yet the last one holds next to
/// nothing: what the way began with fades, and shows at the list's first link alone.
struct ListHead {
    /// In the way.
    let place: Int
    /// nil where the links are of several classes in no order.
    let recursion: Recursion?
    /// Of the links, the most frequent first; nothing where there is a recursion.
    let classes: [UInt32]

    private static let leastLength = 5
    /// What every program nests: a few levels of plain objects are no list.
    private static let leastOfCategory = 16
    /// Of all that the way leads over, the least part that a class of links has.
    private static let leastPart = 1000

    /// - Returns: nil where no list or tree begins on the way.
    init?(_ way: [Int], _ analysis: HeapAnalysis) {
        if let (place, classes) = Self.fading(way, analysis) {
            let list = Recursion(from: way[place], analysis).flatMap { Self.passesOn($0, analysis) ? nil : $0 }
            // It may begin one link later than where its class first is.
            self.place = list.flatMap { way.firstIndex(of: $0.head) } ?? place
            (recursion, self.classes) = (list, list == nil ? classes : [])
        } else if let (place, tree) = Self.tree(way, analysis) {
            (self.place, recursion, classes) = (place, tree, [])
        } else {
            return nil
        }
    }

    /// The first of the nodes before the way falls apart below which a tree is, of a class that people know if there is one.
    private static func tree(_ way: [Int], _ analysis: HeapAnalysis) -> (place: Int, tree: Recursion)? {
        var other: (place: Int, tree: Recursion)?
        for place in max(0, way.count - Recursion.longestCycle)..<way.count where !analysis.isStore(way[place]) {
            guard let tree = Recursion(from: way[place], analysis), !passesOn(tree, analysis) else { continue }
            let index = analysis.names.ofNode[way[place]]
            if !analysis.isCategory(classIndex: Int(index)) {
                let first = way.firstIndex { analysis.names.ofNode[$0] == index } ?? place
                return (first, first == place ? tree : Recursion(from: way[first], analysis) ?? tree)
            }
            other = other ?? (place, tree)
        }
        return other
    }

    /// Whether all of the links only pass on what the last one holds: that makes no list of them.
    private static func passesOn(_ list: Recursion, _ analysis: HeapAnalysis) -> Bool {
        analysis.holdsNearlyAll(list.last, of: list.head)
    }

    /// The first of the links by which the way fades.
    private static func fading(_ way: [Int], _ analysis: HeapAnalysis) -> (place: Int, classes: [UInt32])? {
        guard let first = way.first, let last = way.last, !analysis.holdsNearlyAll(last, of: first) else { return nil }
        var counts: [UInt32: Int] = [:]
        for node in way where !analysis.isStore(node) { counts[analysis.names.ofNode[node], default: 0] += 1 }
        let frequent = counts.filter { $0.value >= max(leastLength, way.count / leastPart) }
        let known = frequent.filter { !analysis.isCategory(classIndex: Int($0.key)) }
        let nameable = frequent.filter { !analysis.isV8s(classIndex: Int($0.key)) && $0.value >= leastOfCategory }
        let links =
            !known.isEmpty ? known : !nameable.isEmpty ? nameable : frequent.filter { $0.value >= leastOfCategory }
        let place = way.firstIndex {
            links[analysis.names.ofNode[$0]] != nil && !analysis.isStore($0)
                && !analysis.holdsNearlyAll(last, of: $0)
        }
        guard let place else { return nil }
        return (place, links.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key))
    }
}
