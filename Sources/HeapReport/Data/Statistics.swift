extension ReportData {
    /// What kinds of things the heap consists of. The parts add up to the total.
    public struct Statistics: Codable, Sendable, Equatable {
        public var totalSize: UInt64
        public var codeSize: UInt64
        public var stringsSize: UInt64
        public var jsArraysSize: UInt64
        public var typedArraysSize: UInt64
        public var systemSize: UInt64
        public var otherJsObjectsSize: UInt64
        public var otherNativeSize: UInt64

        public init(
            totalSize: UInt64, codeSize: UInt64, stringsSize: UInt64, jsArraysSize: UInt64, typedArraysSize: UInt64,
            systemSize: UInt64, otherJsObjectsSize: UInt64, otherNativeSize: UInt64
        ) {
            self.totalSize = totalSize
            self.codeSize = codeSize
            self.stringsSize = stringsSize
            self.jsArraysSize = jsArraysSize
            self.typedArraysSize = typedArraysSize
            self.systemSize = systemSize
            self.otherJsObjectsSize = otherJsObjectsSize
            self.otherNativeSize = otherNativeSize
        }
    }
}
