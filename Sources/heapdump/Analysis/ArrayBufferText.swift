import HeapAnalysis

/// Whose the ArrayBuffers are, in plain words.
enum ArrayBufferText {
    private static let groupCount = 3

    static func title(_ buffers: ArrayBufferOwners) -> String {
        "\(many(buffers.count)), \(Printable.bytes(buffers.size)), \(HeapTextPrinter.percent(buffers.share)) of the heap, by owner"
    }

    /// The largest groups, and the others together.
    static func groups(_ buffers: ArrayBufferOwners) -> [String] {
        let rest = buffers.groups.dropFirst(groupCount)
        let shown = buffers.groups.prefix(groupCount).map(sentence)
        guard !rest.isEmpty else { return shown }
        let size = Printable.bytes(rest.reduce(0) { $0 + $1.size })
        return shown + ["\(size) of \(Printable.count(UInt64(rest.count))) more: --json"]
    }

    static func sentence(_ group: ArrayBufferOwners.Group) -> String {
        let much = "\(Printable.bytes(group.size)) in \(many(group.count))"
        let place = group.path.map(HeapTextPrinter.expression) ?? ""
        return switch group.owner {
        case .objects(let className):
            "\(much) of \(Printable.count(group.ownerCount)) \(HeapTextPrinter.name(className, longest: 40))"
                + "\(group.isPathOfOne ? ", one of them" : "") at \(place)"
        case .variable: "\(much) at \(place)"
        case .node: "\(much) of Node's own"
        case .several: "\(much) shared by Buffers of several owners"
        case .nobody: "\(much), each held by several objects"
        }
    }

    private static func many(_ count: UInt64) -> String {
        "\(Printable.count(count)) \(count == 1 ? "ArrayBuffer" : "ArrayBuffers")"
    }
}
