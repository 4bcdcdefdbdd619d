extension ReportData {
    /// What may be a leak.
    public struct Suspect: Codable, Sendable, Equatable {
        /// In plain words, for somebody who does not know the program.
        public var sentence: String
        public var className: String
        public var objectCount: UInt64
        public var retainedSize: UInt64
        /// Of the total, from 0 to 1.
        public var share: Double
        /// Where the objects pile up.
        public var accumulator: ObjectRef?
        /// From a root to the accumulator.
        public var path: [PathStep]

        public init(
            sentence: String, className: String, objectCount: UInt64, retainedSize: UInt64, share: Double,
            accumulator: ObjectRef? = nil, path: [PathStep]
        ) {
            self.sentence = sentence
            self.className = className
            self.objectCount = objectCount
            self.retainedSize = retainedSize
            self.share = share
            self.accumulator = accumulator
            self.path = path
        }

        enum CodingKeys: String, CodingKey {
            case sentence
            case className = "class_name"
            case objectCount = "object_count"
            case retainedSize = "retained_size"
            case share, accumulator, path
        }
    }
}
