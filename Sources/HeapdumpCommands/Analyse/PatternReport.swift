import HeapAnalysis

/// What is told of patterns beside the suspects, in JSON.
extension SummaryReport {
    struct Many: Encodable {
        var sentence, kind: String
        var count: UInt64
        var size: UInt64?
        var anchor: Anchor?
        var path: RetainingPath?
    }

    struct ArrayBuffers: Encodable {
        var count, size: UInt64
        var share: Double
        var groupCount: Int
        var groups: [Group]

        struct Group: Encodable {
            var sentence, owner: String
            var `class`: String?
            var ownerCount: UInt64?
            var count, size: UInt64
            var anchor: Anchor?
            var path: RetainingPath?
        }
    }
}

extension SummaryReport.Many {
    init(_ many: ManyObjects) {
        self.init(
            sentence: ManyText.sentence(many), kind: SuspectText.kind(many.pattern), count: many.count,
            size: many.size, anchor: Anchor(many.path, many.code), path: many.path)
    }
}

extension SummaryReport.ArrayBuffers {
    /// - Parameter groups: how many to list.
    init(_ buffers: ArrayBufferOwners, groups: Int) {
        self.init(
            count: buffers.count, size: buffers.size, share: buffers.share, groupCount: buffers.groups.count,
            groups: buffers.groups.prefix(groups).map(Group.init))
    }
}

extension SummaryReport.ArrayBuffers.Group {
    init(_ group: ArrayBufferOwners.Group) {
        let (owner, className): (String, String?) =
            switch group.owner {
            case .objects(let name): ("objects", name)
            case .functions: ("functions", nil)
            case .variable: ("variable", nil)
            case .node: ("node", nil)
            case .several: ("several", nil)
            case .nobody: ("nobody", nil)
            }
        self.init(
            sentence: ArrayBufferText.sentence(group), owner: owner, class: className, ownerCount: group.ownerCount,
            count: group.count, size: group.size, anchor: Anchor(group.path, nil), path: group.path)
    }
}
