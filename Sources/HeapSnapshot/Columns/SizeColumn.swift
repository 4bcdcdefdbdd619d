/// The sizes of the nodes, in two bytes each: few are of 64 KiB and more.
public final class SizeColumn: @unchecked Sendable {
    @usableFromInline let short: Column<UInt16>
    @exclusivity(unchecked) private var long: [Int: UInt64] = [:]

    /// From this size on, the column has `UInt16.max`.
    static let wide = UInt64(UInt16.max)

    init(_ short: Column<UInt16>, long: [Int: UInt64]) {
        self.short = short
        self.long = long
    }

    /// In bytes.
    @inlinable @inline(__always)
    public subscript(node: Int) -> UInt64 {
        let size = short.base[node]
        return size == .max ? longSize(of: node) : UInt64(size)
    }

    @inlinable @inline(__always)
    public func isZero(_ node: Int) -> Bool { short.base[node] == 0 }

    @usableFromInline
    func longSize(of node: Int) -> UInt64 { long[node] ?? Self.wide }

    public func set(_ size: UInt64, of node: Int) {
        if size < Self.wide {
            short.base[node] = UInt16(truncatingIfNeeded: size)
        } else {
            short.base[node] = .max
            long[node] = size
        }
    }
}
