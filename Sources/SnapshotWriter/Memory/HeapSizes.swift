/// How large a heap is, by the spaces that V8 keeps its objects in. Bytes in use, garbage included.
public struct HeapSizes: Sendable, Equatable {
    /// In pages of many objects: these are what a snapshot's cost depends on.
    public var small: UInt64
    /// In spaces of large objects, one to some hundred kilobytes each: long arrays and strings.
    public var large: UInt64

    public var total: UInt64 { small &+ large }

    public init(small: UInt64, large: UInt64 = 0) {
        self.small = small
        self.large = large
    }

    /// - Parameter text: both, as the agent says them.
    /// - Returns: nil where that is not what any heap can be.
    init?(text: String) {
        let sizes = text.split(separator: " ").compactMap { UInt64($0) }
        guard sizes.count == 2, sizes.allSatisfy({ $0 < 1 << 48 }), sizes[0] > 0 else { return nil }
        self.init(small: sizes[0], large: sizes[1])
    }
}
