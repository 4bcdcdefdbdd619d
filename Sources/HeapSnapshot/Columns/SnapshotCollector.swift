/// Keeps the rows of a document while the validator checks them, so that a document is read once.
public final class SnapshotCollector: @unchecked Sendable {
    /// What keeps a snapshot from being kept, although it may be valid.
    public enum Obstacle: Error, Sendable, Equatable {
        /// There is no room for so many nodes and edges.
        case memory(nodes: UInt64, edges: UInt64)
        /// More than the columns' numbers can name.
        case tooMany(nodes: UInt64, edges: UInt64)
        /// There was room for what the header declares, and not for all else.
        case growth
    }

    /// What the columns' 29 and 32 bits can name.
    public static let mostNodes: UInt64 = 1 << 29 - 1
    public static let mostEdges: UInt64 = 1 << 32 - 2

    private(set) var nodes: NodeColumns?
    private(set) var edges: EdgeColumns?
    private(set) var locations: LocationColumns?
    private(set) var strings: StringColumn?
    private(set) var obstacle: Obstacle?
    private var header: SnapshotHeader?
    private var types: Column<UInt8>?
    // Of a document with more types than a byte has room for: by number, and by node.
    private var typeCodes: Column<UInt8>?
    private var typeNumbers: Column<UInt32>?
    private var names: Column<UInt32>?
    private var ids: NodeIDColumn?
    private var sizes: Column<UInt16>?
    private var firstEdges: Column<UInt32>?
    private var targets: Column<UInt32>?
    private var edgeNames: Column<UInt32>?
    private let rare = RareNodeValues()
    private let documentBytes: UInt64?
    private let admit: @Sendable (_ nodes: UInt64, _ edges: UInt64) -> Bool

    /// - Parameters:
    ///   - documentBytes: the length of the document, where it is known: a header that declares more rows than fit in there is
    ///   not believed.
    ///   - admit: asked once, when the counts are known, whether there is memory for so many.
    public init(
        documentBytes: UInt64?, admit: @escaping @Sendable (_ nodes: UInt64, _ edges: UInt64) -> Bool = { _, _ in true }
    ) {
        self.documentBytes = documentBytes
        self.admit = admit
    }

    /// Makes room for what the header declares. Where that is not possible, the document is checked all the same.
    func begin(_ header: SnapshotHeader) {
        self.header = header
        guard header.nodeCount <= Self.mostNodes, header.edgeCount <= Self.mostEdges,
            // Whose names are strings, and are known to be there, is known of so many.
            header.edges.typeNames.count <= EdgeTypeCodes.most
        else {
            obstacle = .tooMany(nodes: header.nodeCount, edges: header.edgeCount)
            return
        }
        let (nodeCount, edgeCount) = (Int(header.nodeCount), Int(header.edgeCount))
        guard isPlausible(header) else { return }
        guard admit(header.nodeCount, header.edgeCount), allocate(header, nodeCount, edgeCount) else {
            obstacle = .memory(nodes: header.nodeCount, edges: header.edgeCount)
            return
        }
    }

    /// A number takes a digit and a comma: what is longer than the document will be rejected at its end.
    private func isPlausible(_ header: SnapshotHeader) -> Bool {
        guard let documentBytes else { return true }
        let nodes = header.nodeCount * UInt64(header.nodes.fieldCount) * 2
        let edges = header.edgeCount * UInt64(header.edges.fieldCount) * 2
        return nodes + edges <= documentBytes
    }

    private func allocate(_ header: SnapshotHeader, _ nodeCount: Int, _ edgeCount: Int) -> Bool {
        guard let types = Column<UInt8>(count: nodeCount), let names = Column<UInt32>(count: nodeCount),
            let ids = NodeIDColumn(count: nodeCount), let sizes = Column<UInt16>(count: nodeCount),
            let firstEdges = Column<UInt32>(count: nodeCount + 1), let targets = Column<UInt32>(count: edgeCount),
            let edgeNames = Column<UInt32>(count: edgeCount), let strings = StringColumn()
        else { return false }
        if let table = NodeTypeCodes(header.nodes.typeNames).table {
            guard let codes = Column<UInt8>(count: table.count), let numbers = Column<UInt32>(count: nodeCount) else {
                return false
            }
            for (number, code) in table.enumerated() { codes[number] = code }
            (typeCodes, typeNumbers) = (codes, numbers)
        }
        if let layout = header.locations {
            guard let columns = LocationColumns(layout, nodeFieldCount: header.nodes.fieldCount) else { return false }
            locations = columns
        }
        (self.types, self.names, self.ids, self.sizes, self.firstEdges) = (types, names, ids, sizes, firstEdges)
        (self.targets, self.edgeNames, self.strings) = (targets, edgeNames, strings)
        nodes = NodeColumns(
            header.nodes, type: types.base, name: names.base, ids: ids, selfSize: sizes.base,
            firstEdge: firstEdges.base, wideTypes: wideTypes, rare: rare)
        edges = EdgeColumns(header, targets: targets.base, names: edgeNames.base)
        return true
    }

    private var wideTypes: WideTypes? {
        guard let typeCodes, let typeNumbers else { return nil }
        return WideTypes(codes: typeCodes.base, numbers: typeNumbers.base)
    }

    /// Keeps rows of edges that were read elsewhere.
    /// - Parameter place: of the first, among all edges.
    func storeEdges(_ targets: Column<UInt32>, _ names: Column<UInt32>, count: Int, at place: UInt64) {
        // Without columns the numbers may be any.
        guard let allTargets = self.targets, let allNames = edgeNames, let place = Int(exactly: place),
            place <= allTargets.count - count
        else { return }
        (allTargets.base + place).update(from: targets.base, count: count)
        (allNames.base + place).update(from: names.base, count: count)
    }

    /// Whether something of the document was left out that there was no room for: then nothing comes of reading on.
    public var isFull: Bool { rare.isFull || strings?.isFull == true || locations?.isFull == true }

    /// What was kept of a document that the validator found valid.
    public func finish() throws(Obstacle) -> SnapshotColumns {
        if let obstacle { throw obstacle }
        if isFull { throw .growth }
        guard let header, let types, let names, let ids, let sizes, let firstEdges, let targets, let edgeNames,
            let strings
        else { throw .memory(nodes: header?.nodeCount ?? 0, edges: header?.edgeCount ?? 0) }
        firstEdges[Int(header.nodeCount)] = UInt32(truncatingIfNeeded: header.edgeCount)
        strings.finish()
        let rare = rare.take()
        ids.far = rare.ids
        return SnapshotColumns(
            nodeCount: Int(header.nodeCount), edgeCount: Int(header.edgeCount), nodeTypeNames: header.nodes.typeNames,
            hasDetachedness: header.nodes.detachedness != nil, extraNativeBytes: header.extraNativeBytes, types: types,
            typeNumbers: typeNumbers, names: names, ids: ids, selfSizes: SizeColumn(sizes, long: rare.sizes),
            firstEdges: firstEdges,
            edgeTargets: targets,
            edgeNames: edgeNames, strings: strings, locations: locations?.finish(), detachedness: rare.detachedness)
    }
}
