/// Where the objects' source locations go, as they pass the validator.
final class LocationColumns: @unchecked Sendable {
    private let layout: LocationLayout
    private let fieldCount: UInt64
    private let rows: Column<SourceLocation>
    private(set) var count = 0
    private(set) var isFull = false

    init?(_ layout: LocationLayout, nodeFieldCount: Int) {
        guard let rows = Column<SourceLocation>(count: 1 << 12) else { return nil }
        self.layout = layout
        fieldCount = UInt64(max(nodeFieldCount, 1))
        self.rows = rows
    }

    func store(_ values: UnsafePointer<UInt64>) {
        if count == rows.count, !rows.resize(to: rows.count * 2) { isFull = true }
        guard !isFull else { return }
        func value(_ column: Int?) -> UInt32 { column.map { UInt32(truncatingIfNeeded: values[$0]) } ?? 0 }
        rows[count] = SourceLocation(
            ordinal: UInt32(truncatingIfNeeded: values[layout.object] / fieldCount), scriptID: value(layout.script),
            line: value(layout.line), column: value(layout.column))
        count += 1
    }

    func finish() -> Column<SourceLocation> {
        _ = rows.resize(to: count)
        return rows
    }
}

/// Where a function, or the constructor of an object, stands in its script.
public struct SourceLocation: BitwiseCopyable, Sendable {
    /// Of the node.
    public let ordinal: UInt32
    public let scriptID: UInt32
    /// From 0, as V8 counts.
    public let line: UInt32
    /// From 0, as V8 counts.
    public let column: UInt32
}
