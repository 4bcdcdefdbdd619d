extension ReportData {
    /// What changed since an earlier snapshot.
    public struct Growth: Codable, Sendable, Equatable {
        public var baseFile: String
        /// When it was last changed, in ISO 8601; nil if that is not known.
        public var baseChanged: String?
        public var baseTotalSize: UInt64
        public var totalSize: UInt64
        public var classes: [ClassGrowth]
        /// Whether an id means the same object in both: else nobody knows which objects are new.
        public var idsMatch: Bool
        public var pathOf: [GrownClass]

        public init(
            baseFile: String, baseChanged: String? = nil, baseTotalSize: UInt64, totalSize: UInt64,
            classes: [ClassGrowth],
            idsMatch: Bool, pathOf: [GrownClass]
        ) {
            self.baseFile = baseFile
            self.baseChanged = baseChanged
            self.baseTotalSize = baseTotalSize
            self.totalSize = totalSize
            self.classes = classes
            self.idsMatch = idsMatch
            self.pathOf = pathOf
        }
    }

    /// What changed in one class.
    public struct ClassGrowth: Codable, Sendable, Equatable {
        public var name: String
        public var scriptId: UInt64?
        /// Its URL or path; without one the page shows the number.
        public var script: String?
        /// As editors count them, from 1.
        public var line: UInt64?
        public var column: UInt64?
        public var addedCount: UInt64
        public var removedCount: UInt64
        public var countDelta: Int64
        public var addedSize: UInt64
        public var removedSize: UInt64
        public var sizeDelta: Int64
        public var retainedDelta: Int64

        public init(
            name: String, scriptId: UInt64? = nil, script: String? = nil, line: UInt64? = nil, column: UInt64? = nil,
            addedCount: UInt64, removedCount: UInt64, countDelta: Int64, addedSize: UInt64, removedSize: UInt64,
            sizeDelta: Int64, retainedDelta: Int64
        ) {
            self.name = name
            self.scriptId = scriptId
            self.script = script
            self.line = line
            self.column = column
            self.addedCount = addedCount
            self.removedCount = removedCount
            self.countDelta = countDelta
            self.addedSize = addedSize
            self.removedSize = removedSize
            self.sizeDelta = sizeDelta
            self.retainedDelta = retainedDelta
        }
    }

    /// What holds the objects that became more.
    public struct GrownClass: Codable, Sendable, Equatable {
        public var className: String
        public var path: [PathStep]

        public init(className: String, path: [PathStep]) {
            self.className = className
            self.path = path
        }
    }
}
