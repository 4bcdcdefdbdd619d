import HeapSnapshot

/// Detached native objects by name, and what each group retains: an object below another of its group is in the size of that already.
///
/// Unlike in the table of classes, objects that take no memory count too: with those, old Chromium stands for whole trees.
struct DetachedGroups {
    private struct Sum {
        let classIndex: UInt32
        var count: UInt64 = 0
        var size: UInt64 = 0
    }

    private var sums: [Sum] = []
    private let names: ClassNames

    /// - Returns: nil where there is no memory.
    init?(_ analysis: HeapAnalysis) {
        names = analysis.names
        let marked = analysis.detached.marked
        let count = analysis.graph.nodeCount
        // A walk through the whole heap, which few heaps of Node's need.
        guard !marked.isEmpty else { return }
        guard let members = BitColumn(count: count), let owners = BitColumn(count: count) else { return nil }
        for node in marked { members.set(node) }
        guard let groups = SparseColumn(members, nodeCount: count) else { return nil }
        assign(marked, groups)
        // Groups that a node above belongs to.
        var active = [Bool](repeating: false, count: sums.count)
        analysis.tree.walk(
            enter: { node, hasChildren in
                guard groups.has(node) else { return }
                let group = Int(groups[node])
                sums[group].count += 1
                guard !active[group] else { return }
                sums[group].size.addSaturating(analysis.tree.retainedSizes[node])
                if hasChildren {
                    active[group] = true
                    owners.set(node)
                }
            },
            leave: { node in
                if owners[node] { active[Int(groups[node])] = false }
            })
    }

    private mutating func assign(_ nodes: [Int], _ groups: SparseColumn) {
        var ofClass: [UInt32: Int] = [:]
        // Classes of one name are told as one: by the whole name, of which the beginning is shown.
        var ofName: [TextIdentity: Int] = [:]
        for node in nodes {
            let index = names.ofNode[node]
            if ofClass[index] == nil {
                let name = names.withName(of: Int(index)) { TextIdentity($0) }
                let group = ofName[name] ?? sums.count
                if group == sums.count { sums.append(Sum(classIndex: index)) }
                ofName[name] = group
                ofClass[index] = group
            }
            groups[node] = UInt32(truncatingIfNeeded: ofClass[index] ?? 0)
        }
    }

    /// The largest retained size first.
    func summaries() -> [HeapSummary.DetachedSummary] {
        sums.map { .init(name: names.name(of: Int($0.classIndex)), count: $0.count, retainedSize: $0.size) }
            .sorted { ($1.retainedSize, $0.name) < ($0.retainedSize, $1.name) }
    }
}
