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

    /// JavaScript that comes to the text which `init(text:)` takes. v8.getHeapSpaceStatistics looks at nothing but counters.
    static let expression = """
        (() => {
          const get = \(BuiltInModule.getter);
          let small = 0, large = 0;
          for (const { space_name, space_used_size } of get('v8').getHeapSpaceStatistics()) {
            if (space_name.includes('large_object')) large += space_used_size;
            else small += space_used_size;
          }
          return `${small} ${large}`;
        })()
        """

    /// - Returns: nil where that is not what any heap can be.
    init?(text: String) {
        let sizes = text.split(separator: " ").compactMap { UInt64($0) }
        guard sizes.count == 2, sizes.allSatisfy({ $0 < 1 << 48 }), sizes[0] > 0 else { return nil }
        self.init(small: sizes[0], large: sizes[1])
    }
}
