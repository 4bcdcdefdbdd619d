extension ReportData {
    /// A string that is there more than once.
    public struct DuplicateString: Codable, Sendable, Equatable {
        public var value: String
        /// Whether the string goes on.
        public var isCut: Bool
        public var count: UInt64
        /// Of all copies.
        public var size: UInt64
        /// Of all copies but one.
        public var wastedSize: UInt64

        public init(value: String, isCut: Bool, count: UInt64, size: UInt64, wastedSize: UInt64) {
            self.value = value
            self.isCut = isCut
            self.count = count
            self.size = size
            self.wastedSize = wastedSize
        }
    }
}
