import HeapSnapshot

/// Counts what suspects consist of. What another suspect is about is not counted again: so each node is looked at once, however suspects
/// are nested.
struct ContentsSearch {
    /// A suspect by what would be freed with it.
    struct Subject {
        /// nil where there are many small ones.
        let head: Int?
        /// The head, if the suspect's sentence does not count it.
        let holder: Int?
        /// By class, what the sentence counts.
        let told: [UInt32: UInt64]
        /// All that hold the rest, and none of each other.
        let forEachHead: ((Int) -> Void) -> Void

        /// - Parameter isTold: whether the head is one of those that the sentence counts.
        init(head: Int, isTold: Bool, told: [UInt32: UInt64]) {
            (self.head, holder, self.told) = (head, isTold ? nil : head, told)
            forEachHead = { $0(head) }
        }

        init(told: [UInt32: UInt64], forEachHead: @escaping ((Int) -> Void) -> Void) {
            (head, holder, self.told, self.forEachHead) = (nil, nil, told, forEachHead)
        }
    }

    private let analysis: HeapAnalysis
    private var sums: ClassSums

    /// - Parameter sums: any.
    init(_ analysis: HeapAnalysis, _ sums: ClassSums) {
        (self.analysis, self.sums) = (analysis, sums)
    }

    /// - Returns: one for each; nil where there is no memory.
    mutating func contents(_ subjects: [Subject]) -> [SuspectContents]? {
        let heads = subjects.compactMap(\.head)
        var contents: [SuspectContents] = []
        for subject in subjects {
            guard let rows = rows(of: subject, besides: heads.filter { $0 != subject.head }) else { return nil }
            var told: [UInt32: UInt64] = [:]
            for (index, count) in subject.told { told[ofName(index), default: 0] += count }
            if let holder = subject.holder { told[ofName(analysis.names.ofNode[holder]), default: 0] += 1 }
            contents.append(SuspectContents(analysis.names, rows, told: told, toldClassCount: subject.told.count))
        }
        return contents
    }

    /// The first class of that name: places make others of it.
    @inline(__always)
    private func ofName(_ index: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: analysis.names.classes.base[Int(index)].named)
    }

    private mutating func rows(of subject: Subject, besides others: [Int]) -> [SuspectContents.Row]? {
        sums.clear()
        let (sizes, classes) = (analysis.columns.selfSizes, analysis.names.ofNode.base)
        subject.forEachHead { head in
            analysis.tree.walkDominated(by: head) { node in
                if others.contains(node) { return false }
                let size = sizes[node]
                // As in the table of classes.
                if size > 0 { sums.add(size, ofName(classes[node])) }
                return true
            }
        }
        guard MemoryGuard.shared.admits(sums.classCount * MemoryLayout<SuspectContents.Row>.stride) else { return nil }
        var rows = sums.map { SuspectContents.Row(classIndex: $0, count: $1, size: $2) }
        rows.sort { ($1.size, $1.count, $0.classIndex) < ($0.size, $0.count, $1.classIndex) }
        return rows
    }
}
