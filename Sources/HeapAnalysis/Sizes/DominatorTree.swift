import HeapSnapshot

/// Who holds whom: the immediate dominator of each node is the one that all paths from the root to it go through last.
struct DominatorTree: @unchecked Sendable {
    /// By node; the root's is itself.
    let dominators: Column<UInt32>
    /// The first node that a node dominates immediately; 0 for none, since the root is nobody's child.
    let firstChild: Column<UInt32>
    /// The next of those that the same node dominates; 0 at the end.
    let nextSibling: Column<UInt32>
    /// In bytes, by node: what would be freed with it.
    let retainedSizes: RetainedSizes

    /// The nodes that a node dominates immediately.
    struct Children: Sequence, IteratorProtocol {
        fileprivate let nextSibling: UnsafeMutablePointer<UInt32>
        fileprivate var child: UInt32

        mutating func next() -> Int? {
            guard child != 0 else { return nil }
            defer { child = nextSibling[Int(child)] }
            return Int(child)
        }
    }

    /// Goes to all nodes, each after its dominator; back from those that have children.
    @inline(__always)
    func walk(enter: (_ node: Int, _ hasChildren: Bool) -> Void, leave: (_ node: Int) -> Void) {
        let (first, next, dominator) = (firstChild.base, nextSibling.base, dominators.base)
        var node = HeapGraph.root
        while true {
            let child = Int(first[node])
            enter(node, child != 0)
            if child != 0 {
                node = child
                continue
            }
            while next[node] == 0, node != HeapGraph.root {
                node = Int(dominator[node])
                leave(node)
            }
            if node == HeapGraph.root { return }
            node = Int(next[node])
        }
    }

    /// Goes to a node and to all that it dominates.
    func forEachDominated(by head: Int, _ body: (Int) -> Void) {
        walkDominated(by: head) {
            body($0)
            return true
        }
    }

    /// Goes to a node and to what it dominates.
    /// - Parameter enter: returns whether to go on to what the node dominates.
    @inline(__always)
    func walkDominated(by head: Int, enter: (Int) -> Bool) {
        var node = head
        while true {
            if enter(node), firstChild[node] != 0 {
                node = Int(firstChild[node])
                continue
            }
            while node != head, nextSibling[node] == 0 { node = Int(dominators[node]) }
            if node == head { return }
            node = Int(nextSibling[node])
        }
    }

    func children(of node: Int) -> Children { Children(nextSibling: nextSibling.base, child: firstChild[node]) }

    /// - Parameter numbers: used up.
    /// - Returns: nil where there is no memory.
    init?(_ graph: HeapGraph, _ numbers: DominatorNumbers) {
        let count = graph.nodeCount
        guard let dominators = Column<UInt32>(count: count, isPopulated: true, isZero: false),
            let retainedSizes = RetainedSizes(of: graph)
        else { return nil }
        let (vertex, dominatorNumber) = (numbers.vertices.base, numbers.dominators.base)
        let dominator = dominators.base
        dominator[HeapGraph.root] = UInt32(HeapGraph.root)
        var number = count
        while number >= 2 {
            let node = Int(vertex[number])
            let holder = Int(vertex[Int(dominatorNumber[number])])
            dominator[node] = UInt32(truncatingIfNeeded: holder)
            retainedSizes.add(node, to: holder)
            number &-= 1
        }
        self.dominators = dominators
        self.retainedSizes = retainedSizes
        // Both are done with, and as long as what is needed now.
        firstChild = numbers.vertices
        nextSibling = numbers.dominators
        let (first, next) = (firstChild.base, nextSibling.base)
        first.update(repeating: 0, count: count)
        next[HeapGraph.root] = 0
        var node = count &- 1
        while node >= 1 {
            let holder = Int(dominator[node])
            next[node] = first[holder]
            first[holder] = UInt32(truncatingIfNeeded: node)
            node &-= 1
        }
    }
}
