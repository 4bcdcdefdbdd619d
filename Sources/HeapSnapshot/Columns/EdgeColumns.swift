/// Where the edges' fields go, as they pass the validator. Numbers and pointers alone, as for nodes.
struct EdgeColumns: BitwiseCopyable, @unchecked Sendable {
    // Columns of the row.
    private let typeColumn, nameColumn, targetColumn: Int
    private let typeCodes: EdgeTypeCodes
    private let inverse: UInt64
    // Owned by the collector.
    private let targets: UnsafeMutablePointer<UInt32>
    private let names: UnsafeMutablePointer<UInt32>

    init(
        _ header: SnapshotHeader, targets: UnsafeMutablePointer<UInt32>, names: UnsafeMutablePointer<UInt32>
    ) {
        (typeColumn, nameColumn, targetColumn) = (header.edges.type, header.edges.name, header.edges.target)
        typeCodes = EdgeTypeCodes(header.edges)
        let fieldCount = UInt64(max(header.nodes.fieldCount, 1))
        // Rounded up: exact for multiples of the divisor below 2^32 times it.
        inverse = fieldCount > 1 ? UInt64.max / fieldCount &+ 1 : 0
        self.targets = targets
        self.names = names
    }

    @inline(__always)
    func store(_ values: UnsafePointer<UInt64>, at index: Int) {
        let node = values[targetColumn]
        let ordinal = inverse == 0 ? node : node.multipliedFullWidth(by: inverse).high
        let code = typeCodes.code(of: values[typeColumn])
        targets[index] = PackedEdge.pack(type: code, target: UInt32(truncatingIfNeeded: ordinal))
        names[index] = UInt32(truncatingIfNeeded: values[nameColumn])
    }
}

/// The kinds of edges that the analysis tells apart, in 3 bits, whatever their numbers in the document.
public enum EdgeType: UInt32, Sendable {
    case context, element, property, `internal`, hidden, shortcut, weak
    /// One that this program does not know.
    case other
}

/// An edge's type and target in 32 bits.
public enum PackedEdge {
    public static let typeShift: UInt32 = 29
    public static let targetMask: UInt32 = 1 << 29 - 1

    @inline(__always)
    static func pack(type: UInt32, target: UInt32) -> UInt32 { type &<< typeShift | target }

    @inlinable @inline(__always)
    public static func type(_ edge: UInt32) -> UInt32 { edge &>> typeShift }

    @inlinable @inline(__always)
    public static func target(_ edge: UInt32) -> Int { Int(truncatingIfNeeded: edge & targetMask) }
}

/// The document's numbers of edge types as `EdgeType`s, 4 bits each.
struct EdgeTypeCodes: BitwiseCopyable, Sendable {
    /// Of a document; a type takes four bits. Chromium's heaps have seven.
    static let most = 16

    private var table: UInt64 = .max

    init(_ layout: EdgeLayout) {
        for (number, name) in layout.typeNames.prefix(Self.most).enumerated() {
            let code: EdgeType =
                switch name {
                case "context": .context
                case "element": .element
                case "property": .property
                case "internal": .internal
                case "hidden": .hidden
                case "shortcut": .shortcut
                case "weak": .weak
                default: .other
                }
            let shift = UInt64(number * 4)
            table = table & ~(0xF << shift) | UInt64(code.rawValue) << shift
        }
    }

    @inline(__always)
    func code(of type: UInt64) -> UInt32 {
        type < Self.most ? UInt32(truncatingIfNeeded: table &>> (type &* 4)) & 7 : EdgeType.other.rawValue
    }
}
