/// Where the nodes' fields go, as they pass the validator. Numbers and pointers alone: a row must not cost a count of references.
struct NodeColumns: BitwiseCopyable, @unchecked Sendable {
    // Columns of the row; -1 for none.
    private let typeColumn, nameColumn, idColumn, sizeColumn, detachednessColumn: Int
    // Owned by the collector.
    private let type: UnsafeMutablePointer<UInt8>
    /// nil if the document's numbers are the codes of its types.
    private let wideTypes: WideTypes?
    private let name, firstEdge: UnsafeMutablePointer<UInt32>
    private let selfSize: UnsafeMutablePointer<UInt16>
    private let idBase: UnsafeMutablePointer<UInt64>
    private let idDistance: UnsafeMutablePointer<Int16>
    private let rare: Unmanaged<RareNodeValues>

    init(
        _ layout: NodeLayout, type: UnsafeMutablePointer<UInt8>, name: UnsafeMutablePointer<UInt32>,
        ids: NodeIDColumn, selfSize: UnsafeMutablePointer<UInt16>, firstEdge: UnsafeMutablePointer<UInt32>,
        wideTypes: WideTypes?, rare: RareNodeValues
    ) {
        (typeColumn, nameColumn, idColumn, sizeColumn) = (layout.type, layout.name, layout.id, layout.selfSize)
        detachednessColumn = layout.detachedness ?? -1
        (self.type, self.name, self.selfSize, self.firstEdge) = (type, name, selfSize, firstEdge)
        (idBase, idDistance) = (ids.bases.base, ids.distances.base)
        self.wideTypes = wideTypes
        self.rare = Unmanaged.passUnretained(rare)
    }

    @inline(__always)
    func store(_ values: UnsafePointer<UInt64>, at ordinal: Int, firstEdge edge: UInt64) {
        let typeNumber = values[typeColumn]
        if let wideTypes {
            type[ordinal] = wideTypes.store(typeNumber, at: ordinal)
        } else {
            type[ordinal] = UInt8(truncatingIfNeeded: typeNumber)
        }
        name[ordinal] = UInt32(truncatingIfNeeded: values[nameColumn])
        firstEdge[ordinal] = UInt32(truncatingIfNeeded: edge)
        let size = values[sizeColumn]
        let number = values[idColumn]
        selfSize[ordinal] = UInt16(truncatingIfNeeded: size)
        if ordinal & NodeIDColumn.blockMask == 0 { idBase[ordinal &>> NodeIDColumn.blockShift] = number }
        let distance = Int64(bitPattern: number &- idBase[ordinal &>> NodeIDColumn.blockShift])
        idDistance[ordinal] = Int16(truncatingIfNeeded: distance)
        let state = detachednessColumn < 0 ? 0 : values[detachednessColumn]
        if size >= SizeColumn.wide || !NodeIDColumn.holds(distance) || state != 0 {
            storeRare(size, number, distance, state, ordinal)
        }
    }

    @inline(never)
    private func storeRare(_ size: UInt64, _ number: UInt64, _ distance: Int64, _ state: UInt64, _ ordinal: Int) {
        rare._withUnsafeGuaranteedRef { rare in
            guard rare.hasRoom() else { return }
            if size >= SizeColumn.wide {
                selfSize[ordinal] = .max
                rare.sizes[ordinal] = size
            }
            if !NodeIDColumn.holds(distance) {
                idDistance[ordinal] = NodeIDColumn.farMark
                rare.ids.append(NodeIDColumn.Far(ordinal: UInt32(truncatingIfNeeded: ordinal), id: number))
            }
            if state != 0 { rare.detachedness.append((ordinal, UInt8(truncatingIfNeeded: state & 3))) }
        }
    }
}

/// Where types go that a byte has no room for.
struct WideTypes: BitwiseCopyable {
    /// By number.
    let codes: UnsafeMutablePointer<UInt8>
    /// By node.
    let numbers: UnsafeMutablePointer<UInt32>

    /// - Parameter number: less than there are codes.
    /// - Returns: its code.
    @inline(__always)
    func store(_ number: UInt64, at ordinal: Int) -> UInt8 {
        numbers[ordinal] = UInt32(truncatingIfNeeded: number)
        return codes[Int(truncatingIfNeeded: number)]
    }
}

/// What few nodes have, beside columns that are as long as the heap.
final class RareNodeValues: @unchecked Sendable {
    /// In bytes, by node.
    var sizes: [Int: UInt64] = [:]
    /// In the nodes' order.
    var ids: [NodeIDColumn.Far] = []
    /// Other than 0, in the nodes' order.
    var detachedness: [(ordinal: Int, state: UInt8)] = []
    /// Where there was no room for more.
    private(set) var isFull = false

    /// For the values of another node.
    func hasRoom() -> Bool {
        let memory = MemoryGuard.shared
        // A dictionary has room to spare, and the former beside it when it grows.
        isFull =
            isFull || !memory.admitsNext(sizes.count, of: 48) || !memory.admitsNext(ids.count, of: 24)
            || !memory.admitsNext(detachedness.count, of: 24)
        return !isFull
    }

    /// Gives away what it has.
    func take() -> (sizes: [Int: UInt64], ids: [NodeIDColumn.Far], detachedness: [(ordinal: Int, state: UInt8)]) {
        defer { (sizes, ids, detachedness) = ([:], [], []) }
        return (sizes, ids, detachedness)
    }
}
