/// Where the nodes' fields go, as they pass the validator. Numbers and pointers alone: a row must not cost a count of references.
struct NodeColumns: BitwiseCopyable, @unchecked Sendable {
    // Columns of the row; -1 for none.
    private let typeColumn, nameColumn, idColumn, sizeColumn, detachednessColumn: Int
    // Owned by the collector.
    private let type: UnsafeMutablePointer<UInt8>
    private let name, id, selfSize, firstEdge: UnsafeMutablePointer<UInt32>
    private let rare: Unmanaged<RareNodeValues>

    init(
        _ layout: NodeLayout, type: UnsafeMutablePointer<UInt8>, name: UnsafeMutablePointer<UInt32>,
        id: UnsafeMutablePointer<UInt32>, selfSize: UnsafeMutablePointer<UInt32>,
        firstEdge: UnsafeMutablePointer<UInt32>, rare: RareNodeValues
    ) {
        (typeColumn, nameColumn, idColumn, sizeColumn) = (layout.type, layout.name, layout.id, layout.selfSize)
        detachednessColumn = layout.detachedness ?? -1
        (self.type, self.name, self.id, self.selfSize, self.firstEdge) = (type, name, id, selfSize, firstEdge)
        self.rare = Unmanaged.passUnretained(rare)
    }

    @inline(__always)
    func store(_ values: UnsafePointer<UInt64>, at ordinal: Int, firstEdge edge: UInt64) {
        type[ordinal] = UInt8(truncatingIfNeeded: values[typeColumn])
        name[ordinal] = UInt32(truncatingIfNeeded: values[nameColumn])
        firstEdge[ordinal] = UInt32(truncatingIfNeeded: edge)
        let size = values[sizeColumn]
        let number = values[idColumn]
        selfSize[ordinal] = UInt32(truncatingIfNeeded: size)
        id[ordinal] = UInt32(truncatingIfNeeded: number)
        let state = detachednessColumn < 0 ? 0 : values[detachednessColumn]
        if (size | number) >= UInt64(UInt32.max) || state != 0 { storeRare(size, number, state, ordinal) }
    }

    @inline(never)
    private func storeRare(_ size: UInt64, _ number: UInt64, _ state: UInt64, _ ordinal: Int) {
        rare._withUnsafeGuaranteedRef { rare in
            selfSize[ordinal] = rare.sizes.short(size, of: ordinal)
            id[ordinal] = rare.ids.short(number, of: ordinal)
            if state != 0 { rare.detachedness.append((ordinal, UInt8(truncatingIfNeeded: state & 3))) }
        }
    }
}

/// What few nodes have, beside columns that are as long as the heap.
final class RareNodeValues: @unchecked Sendable {
    var sizes = WideValues()
    var ids = WideValues()
    /// Other than 0, in the nodes' order.
    var detachedness: [(ordinal: Int, state: UInt8)] = []
}

/// The values of a column of 32 bits that do not fit in there. The column has `UInt32.max` for them.
public struct WideValues: Sendable {
    private var values: [Int: UInt64] = [:]

    public init() {}

    /// - Returns: what the column holds for a value.
    public mutating func short(_ value: UInt64, of ordinal: Int) -> UInt32 {
        if value < UInt64(UInt32.max) { return UInt32(truncatingIfNeeded: value) }
        values[ordinal] = value
        return .max
    }

    public func value(of ordinal: Int) -> UInt64 { values[ordinal] ?? UInt64(UInt32.max) }
}
