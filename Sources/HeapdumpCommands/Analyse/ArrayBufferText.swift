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
        let size = rest.reduce(into: UInt64(0)) { sum, group in
            sum = sum.addingReportingOverflow(group.size).overflow ? .max : sum + group.size
        }
        let owners = "\(Printable.count(UInt64(rest.count))) more \(rest.count == 1 ? "owner" : "owners")"
        return shown + ["\(Printable.bytes(size)) of \(owners): --json --all"]
    }

    static func sentence(_ group: ArrayBufferOwners.Group) -> String {
        let much = "\(Printable.bytes(group.size)) in \(many(group.count))"
        let place = group.path.map(HeapTextPrinter.expression) ?? ""
        return switch group.owner {
        case .objects(let className):
            "\(much) of \(owners(group)) \(HeapTextPrinter.name(className, longest: 40))\(position(group, place))"
        case .functions: "\(much) of \(owners(group)) functions\(position(group, place))"
        case .variable: place.isEmpty ? "\(much) of a variable" : "\(much) at \(place)"
        case .node: "\(much) of Node's own"
        case .several: "\(much) shared by Buffers of several owners"
        case .nobody: "\(much), each held by several objects"
        }
    }

    private static func owners(_ group: ArrayBufferOwners.Group) -> String { Printable.count(group.ownerCount ?? 0) }

    private static func position(_ group: ArrayBufferOwners.Group, _ place: String) -> String {
        place.isEmpty ? "" : "\(group.isPathOfOne ? ", one of them" : "") at \(place)"
    }

    private static func many(_ count: UInt64) -> String {
        "\(Printable.count(count)) \(count == 1 ? "ArrayBuffer" : "ArrayBuffers")"
    }
}
