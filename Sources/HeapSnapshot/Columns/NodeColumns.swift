/// Where the nodes' fields go, as they pass the validator.
struct NodeColumns: Sendable {
    let layout: NodeLayout
    // Owned by the snapshot's columns.
    nonisolated(unsafe) let type: UnsafeMutablePointer<UInt8>
    nonisolated(unsafe) let name: UnsafeMutablePointer<UInt32>
    nonisolated(unsafe) let id: UnsafeMutablePointer<UInt32>
    nonisolated(unsafe) let selfSize: UnsafeMutablePointer<UInt32>
    nonisolated(unsafe) let firstEdge: UnsafeMutablePointer<UInt32>
    let rare: RareNodeValues

    @inline(__always)
    func store(_ values: UnsafePointer<UInt64>, at ordinal: Int, firstEdge edge: UInt64) {
        type[ordinal] = UInt8(truncatingIfNeeded: values[layout.type])
        name[ordinal] = UInt32(truncatingIfNeeded: values[layout.name])
        firstEdge[ordinal] = UInt32(truncatingIfNeeded: edge)
        let size = values[layout.selfSize]
        let number = values[layout.id]
        if (size | number) < UInt64(UInt32.max) {
            selfSize[ordinal] = UInt32(truncatingIfNeeded: size)
            id[ordinal] = UInt32(truncatingIfNeeded: number)
        } else {
            selfSize[ordinal] = rare.sizes.short(size, of: ordinal)
            id[ordinal] = rare.ids.short(number, of: ordinal)
        }
        if let detachedness = layout.detachedness, values[detachedness] != 0 {
            rare.detachedness.append((ordinal, UInt8(truncatingIfNeeded: values[detachedness] & 3)))
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
