/// Rows of `edges` from the end of the section on backwards, block by block, while a validator takes them from its beginning.
public struct EdgeBlocks: ~Copyable {
    /// Of a block, in bytes.
    public static let mostBytes = 256 << 10

    private let header: SnapshotHeader
    private let collector: SnapshotCollector
    private var rows: EdgeRows
    // A block's rows are counted only when they are read, and then go before those of the last block.
    private let targets: Column<UInt32>
    private let nameColumn: Column<UInt32>
    /// Of the rows taken.
    private(set) var count: UInt64 = 0

    /// - Returns: nil where there is no memory.
    init?(_ header: SnapshotHeader, _ collector: SnapshotCollector) {
        // A number takes a digit and what separates it.
        let mostRows = Self.mostBytes / 2 + 1
        guard let targets = Column<UInt32>(count: mostRows), let names = Column<UInt32>(count: mostRows) else {
            return nil
        }
        self.header = header
        self.collector = collector
        self.targets = targets
        nameColumn = names
        rows = EdgeRows(header, into: EdgeColumns(header, targets: targets.base, names: names.base))
    }

    /// The largest index of a string.
    var names: LargestIndex { rows.names }

    /// - Parameter bytes: the rows before those of the last block, each with the comma after it; at first the last ones of the
    ///   section, with the bracket that closes it.
    /// - Returns: whether they are such rows, and no more than are declared.
    public mutating func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let start = bytes.baseAddress, bytes.count <= Self.mostBytes else { return false }
        let isLast = count == 0
        var scanner = RowScanner(width: header.edges.fieldCount)
        var cursor = Cursor(bytes: start.assumingMemoryBound(to: UInt8.self), index: 0, end: bytes.count, base: 0)
        rows.restart()
        guard let isClosed = try? scanner.scan(&cursor, &rows), isClosed == isLast, cursor.isAtEnd,
            isLast || scanner.isBetweenRows, rows.count > 0, rows.count <= header.edgeCount - count
        else { return false }
        count += rows.count
        collector.storeEdges(targets, nameColumn, count: Int(rows.count), at: header.edgeCount - count)
        return true
    }
}

// Each pointer within belongs to this value alone, which cannot be copied.
extension EdgeBlocks: @unchecked Sendable {}
