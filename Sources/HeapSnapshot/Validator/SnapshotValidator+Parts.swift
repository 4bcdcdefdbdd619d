/// A document in two parts, checked at the same time: the nodes, which are about half of it, and all that follows them.
///
/// What two validators say together is the verdict where both are content. Where one is not, the document is to be checked as a
/// whole: only that tells which fault comes first.
extension SnapshotValidator {
    /// Whether this one stands among the nodes, of which the first was seen: then what follows them can be checked apart.
    public var isAmongNodes: Bool {
        rejection == nil && header != nil && section == .nodes && state == .body && nodes.count > 0
    }

    /// The least offset in the document that the nodes can end at: each number takes a digit and what separates it.
    public var leastEndOfNodes: UInt64 {
        guard let header else { return bytesFed }
        let least = header.nodeCount.multipliedReportingOverflow(by: UInt64(header.nodes.fieldCount) * 2)
        return least.overflow ? .max : max(bytesFed, least.partialValue)
    }

    /// A validator of what follows the nodes.
    /// - Parameter offset: of the quote that begins the next section's key.
    public func validatorAfterNodes(at offset: UInt64) -> SnapshotValidator {
        var rest = SnapshotValidator(idMemoryLimit: idMemoryLimit, into: collector)
        rest.header = header
        rest.prefix = prefix
        rest.bytesFed = offset
        rest.seenSections = [.snapshot, .nodes]
        rest.lastSection = .nodes
        rest.state = .key
        rest.knownRootName = nodes.rootName
        return rest
    }

    /// What the document is, where this validator saw it up to where `rest` began.
    /// - Returns: nil where something is wrong with either part.
    public mutating func verdict(with rest: borrowing SnapshotValidator, from offset: UInt64) -> SnapshotVerdict? {
        guard rejection == nil, rest.rejection == nil, bytesFed == offset, state == .key, section == .document,
            lastSection == .nodes, rest.state == .end,
            (try? nodes.names.check(stringCount: rest.strings.count, .nodeName, in: .nodes)) != nil
        else { return nil }
        return .valid(
            SnapshotCounts(
                bytes: rest.bytesFed, nodes: nodes.count, edges: rest.edges.count, strings: rest.strings.count,
                totalSelfSize: nodes.totalSelfSize))
    }
}
