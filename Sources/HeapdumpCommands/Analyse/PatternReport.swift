import HeapAnalysis

/// What is told of patterns beside the suspects, in JSON.
extension SummaryReport {
    struct Many: Encodable {
        var sentence, kind: String
        var count: UInt64
        var size: UInt64?
        var anchor: Anchor?
        var path: RetainingPath?

        init(_ many: ManyObjects) {
            sentence = ManyText.sentence(many)
            kind = SuspectText.kind(many.pattern)
            (count, size) = (many.count, many.size)
            anchor = Anchor(many.path, many.code)
            path = many.path
        }
    }

    struct ArrayBuffers: Encodable {
        var count, size: UInt64
        var share: Double
        var groupCount: Int
        var groups: [Group]

        /// - Parameter groups: how many to list.
        init(_ buffers: ArrayBufferOwners, groups: Int) {
            (count, size, share) = (buffers.count, buffers.size, buffers.share)
            groupCount = buffers.groups.count
            self.groups = buffers.groups.prefix(groups).map(Group.init)
        }

        struct Group: Encodable {
            var sentence, owner: String
            var `class`: String?
            var ownerCount: UInt64?
            var count, size: UInt64
            var anchor: Anchor?
            var path: RetainingPath?

            init(_ group: ArrayBufferOwners.Group) {
                sentence = ArrayBufferText.sentence(group)
                switch group.owner {
                case .objects(let name): (owner, `class`) = ("objects", name)
                case .functions: owner = "functions"
                case .variable: owner = "variable"
                case .node: owner = "node"
                case .several: owner = "several"
                case .nobody: owner = "nobody"
                }
                (ownerCount, count, size) = (group.ownerCount, group.count, group.size)
                anchor = Anchor(group.path, nil)
                path = group.path
            }
        }
    }
}
