import CLinux
import HeapSnapshot

/// Which objects to find.
public struct ObjectFilter: Sendable {
    /// The whole name of the class.
    public var className: String?
    /// In bytes, of the retained size.
    public var leastRetainedSize: UInt64 = 0
    /// In the texts of strings and the names of other objects.
    public var text: String?

    public init() {}
}

extension HeapAnalysis {
    /// The objects that match and take memory, that which holds most first.
    /// - Returns: as many as asked for, and how many there are.
    public func find(_ filter: ObjectFilter, atMost limit: Int) -> (objects: [HeapObject], count: Int) {
        var matches = nodes(matching: filter)
        let count = matches.count
        matches.sort { (tree.retainedSizes[$1], $0) < (tree.retainedSizes[$0], $1) }
        return (matches.prefix(limit).map(object), count)
    }

    public func nodes(matching filter: ObjectFilter) -> [Int] {
        let isOfClass = filter.className.map { classes(named: $0) }
        // Each text is looked at once, whatever the number of objects that bear it.
        var stringMatches: [UInt32: Bool] = [:]
        let wanted = filter.text.map { Array($0.utf8) }
        var consMatches: [Int: Bool] = [:]
        func holds(_ node: Int, _ wanted: [UInt8]) -> Bool {
            let type = graph.type[node]
            if type == graph.types.consString {
                let beginning = objectNames.cons.beginning(of: node)
                let matches =
                    consMatches[beginning] ?? objectNames.withName(of: node) { Self.contains($0, wanted) }
                consMatches[beginning] = matches
                return matches
            }
            if type == graph.types.object, graph.tag(ofNode: node) == .object {
                return objectNames.withName(of: node) { Self.contains($0, wanted) }
            }
            let name = graph.name[node]
            if let known = stringMatches[name] { return known }
            let matches = Self.contains(columns.strings[Int(name)], wanted)
            stringMatches[name] = matches
            return matches
        }
        return (0..<graph.nodeCount).filter { node in
            if columns.selfSizes.isZero(node) || tree.retainedSizes[node] < filter.leastRetainedSize { return false }
            if let isOfClass, !isOfClass[Int(names.ofNode[node])] { return false }
            return wanted.map { holds(node, $0) } ?? true
        }
    }

    /// Which classes bear a name, whole or as it is shown: of one that is cut, its beginning with the ellipsis.
    private func classes(named wanted: String) -> [Bool] {
        let length = wanted.utf8.count
        var isNamed = [Bool](repeating: false, count: names.classCount)
        for index in isNamed.indices {
            // Those that differ in their place alone come after the one without a place.
            let plain = names.classes[index].plain
            isNamed[index] =
                plain < index
                ? isNamed[plain]
                : names.withName(of: index) { name in
                    HeapText.readable(HeapText.name(name)) == wanted
                        || name.count == length && HeapText.readable(HeapText.string(name)) == wanted
                }
        }
        return isNamed
    }

    private static func contains(_ text: UnsafeBufferPointer<UInt8>, _ wanted: [UInt8]) -> Bool {
        guard !wanted.isEmpty else { return true }
        guard let start = text.baseAddress else { return false }
        return clinux_memmem(start, text.count, wanted, wanted.count) != nil
    }
}
