extension ReportData {
    /// An object and what it alone keeps alive: a part of the dominator tree.
    /// Bounded in depth by whoever makes it: it is written as nested JSON, of which many readers take 512 levels.
    public struct TreemapNode: Codable, Sendable, Equatable {
        public var id: UInt64?
        public var name: String
        public var className: String?
        public var shallowSize: UInt64
        public var retainedSize: UInt64
        /// The largest first.
        public var children: [TreemapNode]
        /// Objects that are dominated as the children are, and not listed.
        public var othersCount: UInt64
        public var othersSize: UInt64

        public init(
            id: UInt64? = nil, name: String, className: String? = nil, shallowSize: UInt64, retainedSize: UInt64,
            children: [TreemapNode], othersCount: UInt64, othersSize: UInt64
        ) {
            self.id = id
            self.name = name
            self.className = className
            self.shallowSize = shallowSize
            self.retainedSize = retainedSize
            self.children = children
            self.othersCount = othersCount
            self.othersSize = othersSize
        }
    }
}
