/// Finds, up a tree of dominators that grows from the root down, the nearest one that has at most a number.
///
/// Step by step, as long as that pays: in real heaps a few steps do. Where a list is long, and what its last members hold is held by
/// others too, each of these takes as many steps as the list has members, which is the square of their number. Then each node gets a
/// jump over many above it, of lengths that make any climb logarithmic (Myers, An Applicative Random-Access Stack, 1983).
struct DominatorClimb {
    /// By number: the dominators of those below the one that climbs, and the parents of the others in the spanning tree.
    private let parent: UnsafeMutablePointer<UInt32>
    private let jump: UnsafeMutablePointer<UInt32>
    private let depth: UnsafeMutablePointer<UInt32>
    /// Steps that may be taken before jumps are worth their making.
    private var patience: Int
    /// Which have a jump: those below this number; 0 where none does.
    private var jumpEnd = 0

    /// - Parameters:
    ///   - jumps: any values at first, as many as parents.
    ///   - depths: likewise.
    init(
        _ parents: UnsafeMutablePointer<UInt32>, jumps: UnsafeMutablePointer<UInt32>,
        depths: UnsafeMutablePointer<UInt32>, patience: Int
    ) {
        (parent, jump, depth, self.patience) = (parents, jumps, depths, patience)
    }

    /// Makes of the parent of a node its dominator. Those of lower numbers have theirs.
    @inline(__always)
    mutating func climb(from number: Int, to limit: UInt32) {
        var dominator = parent[number]
        if dominator <= limit { return }
        guard patience >= 0 else { return leap(from: number, to: limit) }
        var steps = 0
        while dominator > limit {
            dominator = parent[Int(dominator)]
            steps &+= 1
        }
        patience &-= steps
        parent[number] = dominator
    }

    @inline(never)
    private mutating func leap(from number: Int, to limit: UInt32) {
        extend(to: number)
        var dominator = Int(parent[number])
        while dominator > limit {
            dominator = Int(jump[dominator] > limit ? jump[dominator] : parent[dominator])
        }
        parent[number] = UInt32(truncatingIfNeeded: dominator)
    }

    /// Gives a jump to all below a number.
    private mutating func extend(to end: Int) {
        if jumpEnd == 0 {
            (jump[1], depth[1]) = (1, 0)
            jumpEnd = 2
        }
        while jumpEnd < end {
            let above = Int(parent[jumpEnd])
            let far = Int(jump[above])
            let farther = jump[far]
            depth[jumpEnd] = depth[above] &+ 1
            // Two jumps of one length make one that is twice as long.
            let areEqual = depth[above] &- depth[far] == depth[far] &- depth[Int(farther)]
            jump[jumpEnd] = areEqual ? farther : UInt32(truncatingIfNeeded: above)
            jumpEnd &+= 1
        }
    }
}
