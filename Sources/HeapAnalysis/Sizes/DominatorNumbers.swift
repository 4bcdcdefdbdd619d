import HeapSnapshot

/// The immediate dominator of each node, both as numbers of a spanning tree, from 1.
///
/// By Semi-NCA (Georgiadis, Linear-Time Algorithms for Dominators and Related Problems, 2005, section 2.3), which is nearly linear on
/// real heaps, and by `DominatorClimb` never far from it. The columns are few and are given back as soon as may be: they are the largest memory of an analysis.
struct DominatorNumbers: Sendable {
    /// The nodes, by number.
    let vertices: Column<UInt32>
    /// By number; the root's, which is the first, is 0.
    let dominators: Column<UInt32>

    /// - Parameters:
    ///   - tree: used up.
    ///   - patience: see `DominatorClimb`; nil for as many steps as pay off.
    /// - Returns: nil where there is no memory.
    init?(_ tree: SpanningTree, _ predecessors: Predecessors, patience: Int? = nil) {
        guard Self.replaceParents(of: tree, predecessors, patience) else { return nil }
        (vertices, dominators) = (tree.vertices, tree.parents)
    }

    /// Of the lists, so many entries are given back at a time.
    private static let partLength = 1 << 16

    /// Makes of the parents in the spanning tree the dominators.
    /// - Returns: false where there is no memory.
    private static func replaceParents(
        of tree: SpanningTree, _ predecessors: Predecessors, _ patience: Int?
    ) -> Bool {
        let count = tree.vertices.count - 1
        // Both get their memory from the end on, as the lists that are read give theirs back: that keeps the peak down.
        guard let labels = Column<UInt32>(count: count + 1, isZero: false, isFilledFromEnd: true),
            let ancestors = Column<UInt32>(count: count + 1, isZero: false, isFilledFromEnd: true),
            let path = Column<UInt32>(count: 1 << 10, isZero: false)
        else { return false }
        defer { withExtendedLifetime((labels, ancestors)) {} }
        let (parent, label, ancestor) = (tree.parents.base, labels.base, ancestors.base)
        let (list, hasList) = (predecessors.lists.base, predecessors.haveLists)
        var place = 0
        // The lists that are read make room for the semidominators of those that had them, one after the other.
        var semidominators = 0
        var givenBack = 0
        var node = count
        while node >= 2 {
            // Those above `node` have been linked to their parents.
            let linked = UInt32(truncatingIfNeeded: node)
            // Its parent is one of its predecessors, and not linked yet. What nothing leads to was hung on the root, and says nothing
            // of what it leads to itself.
            var best = linked > tree.reached ? linked : parent[node]
            guard hasList[node] else {
                label[node] = best
                ancestor[node] = parent[node]
                node &-= 1
                continue
            }
            var entry: UInt32
            repeat {
                entry = list[place]
                place &+= 1
                let source = entry & ~Predecessors.lastMark
                var candidate = source
                if source > linked {
                    // Semi-NCA asks for the least number on the path alone, not for whose it is.
                    if ancestor[Int(source)] > linked {
                        guard compress(source, linked, label, ancestor, path) else { return false }
                    }
                    candidate = label[Int(source)]
                }
                if candidate < best { best = candidate }
            } while entry & Predecessors.lastMark == 0
            label[node] = best
            ancestor[node] = parent[node]
            list[semidominators] = best
            semidominators &+= 1
            node &-= 1
            if place &- givenBack >= partLength {
                predecessors.lists.giveBack(max(givenBack, semidominators)..<place)
                givenBack = place
            }
        }
        // Up the tree of dominators to the nearest that is not below the semidominator. Whom only the parent leads to is held by that.
        // What the first half has left is room for the climb.
        var climb = DominatorClimb(parent, jumps: ancestor, depths: label, patience: patience ?? count &* 4 &+ 1 << 16)
        var number = 2
        while number <= count {
            if hasList[number] {
                semidominators &-= 1
                climb.climb(from: number, to: list[semidominators])
            }
            number &+= 1
        }
        return true
    }

    /// Links all on the way to the topmost that is linked to the one below that, with the least label in between. The way may be
    /// as long as the longest list in the heap.
    /// - Returns: false where there is no memory.
    @inline(__always)
    private static func compress(
        _ source: UInt32, _ linked: UInt32, _ label: UnsafeMutablePointer<UInt32>,
        _ ancestor: UnsafeMutablePointer<UInt32>, _ path: Column<UInt32>
    ) -> Bool {
        var top = 0
        var node = Int(source)
        var below = path.base
        var room = path.count
        while ancestor[node] > linked {
            if top == room {
                guard path.resize(to: room * 2) else { return false }
                (below, room) = (path.base, path.count)
            }
            below[top] = UInt32(truncatingIfNeeded: node)
            top &+= 1
            node = Int(ancestor[node])
        }
        var least = label[node]
        let holder = ancestor[node]
        while top > 0 {
            top &-= 1
            let node = Int(below[top])
            if label[node] > least { label[node] = least } else { least = label[node] }
            ancestor[node] = holder
        }
        return true
    }
}
