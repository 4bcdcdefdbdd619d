/// Every process that /proc shows, by its parent.
package struct ProcessTree {
    private var children: [Int32: [Int32]] = [:]

    package init(children: [Int32: [Int32]] = [:]) {
        self.children = children
    }

    package static func read() -> ProcessTree {
        var tree = ProcessTree()
        guard let directory = try? Directory("/proc") else { return tree }
        while let pid = directory.nextNumber() {
            guard let stat = try? ProcessStat.read(pid), !stat.isEnded else { continue }
            tree.children[stat.parent, default: []].append(pid)
        }
        return tree
    }

    /// Its parent, that one's parent, and so on as far as /proc shows them.
    package static func ancestors(of pid: Int32) -> Set<Int32> {
        var found: Set<Int32> = []
        var next = (try? ProcessStat.read(pid))?.parent ?? 0
        while next > 0, found.insert(next).inserted {
            next = (try? ProcessStat.read(next))?.parent ?? 0
        }
        return found
    }

    package func children(of pid: Int32) -> [Int32] { (children[pid] ?? []).sorted() }

    /// Nearest first; at most `limit`.
    package func descendants(of pid: Int32, limit: Int = 1024) -> [Int32] {
        var found: [Int32] = []
        var seen: Set<Int32> = [pid]
        var next = children[pid] ?? []
        // Numbers may be reused while the tree is read, so that it need not be a tree.
        while !next.isEmpty && found.count < limit {
            let fresh = next.filter { seen.insert($0).inserted }
            found += fresh.sorted()
            next = fresh.flatMap { children[$0] ?? [] }
        }
        return Array(found.prefix(limit))
    }
}
