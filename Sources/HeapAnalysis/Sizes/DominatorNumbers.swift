import HeapSnapshot

/// The immediate dominator of each node, both as numbers of a spanning tree, from 1.
///
/// By Semi-NCA (Georgiadis, Linear-Time Algorithms for Dominators and Related Problems, 2005, section 2.3), which is nearly linear on
/// real heaps. The columns are few and are given back as soon as may be: they are the largest memory of an analysis.
struct DominatorNumbers: Sendable {
    /// The nodes, by number.
    let vertices: Column<UInt32>
    /// By number; the root's, which is the first, is 0.
    let dominators: Column<UInt32>

    /// - Parameter tree: used up.
    /// - Returns: nil where there is no memory.
    init?(_ tree: SpanningTree, _ predecessors: Predecessors) {
        guard Self.replaceParents(of: tree, predecessors) else { return nil }
        (vertices, dominators) = (tree.vertices, tree.parents)
    }

    /// Makes of the parents in the spanning tree the dominators.
    /// - Returns: false where there is no memory.
    private static func replaceParents(of tree: SpanningTree, _ predecessors: Predecessors) -> Bool {
        let count = tree.vertices.count - 1
        guard let labels = Column<UInt32>(count: count + 1, isPopulated: true, isZero: false),
            let ancestors = Column<UInt32>(count: count + 1, isPopulated: true, isZero: false),
            let path = Column<UInt32>(count: 1 << 10, isZero: false)
        else { return false }
        let (parent, label, ancestor) = (tree.parents.base, labels.base, ancestors.base)
        let (list, hasList) = (predecessors.lists.base, predecessors.haveLists)
        ancestor.update(from: parent, count: count &+ 1)
        var place = 0
        var node = count
        while node >= 2 {
            // Those above `node` have been linked to their parents.
            let linked = UInt32(truncatingIfNeeded: node)
            // Its parent is one of its predecessors, and not linked yet. What nothing leads to was hung on the root, and says nothing
            // of what it leads to itself.
            var best = linked > tree.reached ? linked : parent[node]
            guard hasList[node] else {
                label[node] = best
                node &-= 1
                continue
            }
            let start = place
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
            // The list is read: its first place keeps the semidominator.
            list[start] = best | list[start] & Predecessors.lastMark
            node &-= 1
        }
        // Up the tree of dominators to the nearest that is not below the semidominator. Whom only the parent leads to is held by that.
        var end = place
        var number = 2
        while number <= count {
            if hasList[number] {
                var start = end &- 1
                while start > 0, list[start &- 1] & Predecessors.lastMark == 0 { start &-= 1 }
                end = start
                let limit = list[start] & ~Predecessors.lastMark
                var dominator = parent[number]
                while dominator > limit { dominator = parent[Int(dominator)] }
                parent[number] = dominator
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
