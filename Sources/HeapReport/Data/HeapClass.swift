extension ReportData {
    /// All objects of one constructor or kind.
    public struct HeapClass: Codable, Sendable, Equatable {
        public var name: String
        public var scriptId: UInt64?
        /// Its URL or path; without one the page shows the number.
        public var script: String?
        /// As editors count them, from 1.
        public var line: UInt64?
        public var column: UInt64?
        public var count: UInt64
        public var shallowSize: UInt64
        public var retainedSize: UInt64
        /// Of the nearest of them; negative where none is reached from a root.
        public var distance: Int

        public init(
            name: String, scriptId: UInt64? = nil, script: String? = nil, line: UInt64? = nil, column: UInt64? = nil,
            count: UInt64, shallowSize: UInt64, retainedSize: UInt64, distance: Int
        ) {
            self.name = name
            self.scriptId = scriptId
            self.script = script
            self.line = line
            self.column = column
            self.count = count
            self.shallowSize = shallowSize
            self.retainedSize = retainedSize
            self.distance = distance
        }
    }
}
