/// A document in parts, checked at the same time: the nodes; the edges, from both ends; and what follows them.
///
/// What the validators say together is the verdict where all are content. Where one is not, the document is to be checked as a
/// whole: only that tells which fault comes first.
extension SnapshotValidator {
    /// Whether this one stands among the nodes, of which the first was seen: then what follows them can be checked apart.
    public var isAmongNodes: Bool {
        rejection == nil && header != nil && section == .nodes && state == .body && nodes.count > 0
    }

    /// From now on it is for the nodes alone: what follows them is for others.
    public mutating func keepToNodes() { ownSections = [.snapshot, .nodes] }

    /// The least offset in the document that the nodes can end at: each number takes a digit and what separates it.
    public var leastEndOfNodes: UInt64 {
        guard let header else { return bytesFed }
        let least = header.nodeCount.multipliedReportingOverflow(by: UInt64(header.nodes.fieldCount) * 2)
        return least.overflow ? .max : max(bytesFed, least.partialValue)
    }

    /// Whether a piece of the document seems to be of the nodes. It may say so of other rows, but that is rare.
    public func seemsOfNodes(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let layout = header?.nodes, let sample = RowSample(text) else { return false }
        return sample.hasRows(of: layout.fieldCount) { row in
            row[row.startIndex + layout.type] < layout.typeCount
                && layout.detachedness.map { row[row.startIndex + $0] < 4 } ?? true
        }
    }

    /// Whether a piece of the document seems to be of the edges. It may say so of other rows, but that is rare.
    public func seemsOfEdges(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let header, let sample = RowSample(text) else { return false }
        let layout = header.edges
        let reference = header.nodeReference
        return sample.hasRows(of: layout.fieldCount) { row in
            row[row.startIndex + layout.type] < layout.typeCount
                && reference.isValid(row[row.startIndex + layout.target])
        }
    }

    /// How many numbers an edge is.
    public var edgeFieldCount: Int { header?.edges.fieldCount ?? 0 }

    /// A validator of what follows the nodes.
    /// - Parameter offset: of the quote that begins the next section's key.
    public func validatorAfterNodes(at offset: UInt64) -> SnapshotValidator {
        validator(after: [.snapshot, .nodes], state: .key, at: offset, own: [.edges])
    }

    /// A validator of what follows the edges.
    /// - Parameter offset: of the byte after the bracket that closes them.
    public func validatorAfterEdges(at offset: UInt64) -> SnapshotValidator {
        let before: [SnapshotSection] = [.snapshot, .nodes, .edges]
        return validator(
            after: before, state: .commaOrEnd, at: offset, own: Set(SnapshotSection.ranked).subtracting(before))
    }

    private func validator(
        after sections: [SnapshotSection], state: State, at offset: UInt64, own: Set<SnapshotSection>
    ) -> SnapshotValidator {
        var rest = SnapshotValidator(idMemoryLimit: idMemoryLimit, into: collector)
        rest.header = header
        rest.prefix = prefix
        rest.bytesFed = offset
        rest.seenSections = Set(sections)
        rest.lastSection = sections.last ?? .document
        rest.state = state
        rest.knownRootName = nodes.rootName
        rest.ownSections = own
        return rest
    }

    /// Takes the edges from their end on.
    /// - Returns: nil where there is no memory.
    public func edgeBlocks() -> EdgeBlocks? {
        guard let header, let collector else { return nil }
        return EdgeBlocks(header, collector)
    }

    /// What the document is, where this validator saw it up to the end of the nodes.
    /// - Parameters:
    ///   - offset: where `edges` began.
    ///   - edges: saw what follows the nodes up to `meeting`.
    ///   - blocks: the rows from there on.
    ///   - rest: what follows the edges, to the end.
    /// - Returns: nil where something is wrong with one of the parts, or they are not the whole.
    public mutating func verdict(
        edgesFrom offset: UInt64, _ edges: borrowing SnapshotValidator, to meeting: UInt64,
        _ blocks: borrowing EdgeBlocks,
        _ rest: borrowing SnapshotValidator
    ) -> SnapshotVerdict? {
        guard rejection == nil, bytesFed == offset, state == .key, section == .document, lastSection == .nodes,
            edges.bytesFed == meeting, edges.hasSeenEdges(before: blocks.count), rest.rejection == nil,
            rest.state == .end
        else { return nil }
        do {
            try nodes.names.check(stringCount: rest.strings.count, .nodeName, in: .nodes)
            try edges.edges.names.check(stringCount: rest.strings.count, .edgeName, in: .edges)
            try blocks.names.check(stringCount: rest.strings.count, .edgeName, in: .edges)
        } catch {
            return nil
        }
        return .valid(
            SnapshotCounts(
                bytes: rest.bytesFed, nodes: nodes.count, edges: edges.edges.count + blocks.count,
                strings: rest.strings.count, totalSelfSize: nodes.totalSelfSize))
    }

    /// Whether all edges but so many of the last ones were seen, and nothing else.
    private func hasSeenEdges(before count: UInt64) -> Bool {
        guard rejection == nil, let header, edges.count + count == header.edgeCount else { return false }
        return count > 0
            ? section == .edges && state == .body && rowScanner.isBetweenRows
            : section == .document && state == .commaOrEnd && lastSection == .edges
    }
}
