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
        /// How many classes it consists of.
        public var classCount: Int
        /// The main ones of these, the largest first.
        public var classes: [Part]

        /// Objects of one class.
        public struct Part: Codable, Sendable, Equatable {
            public var className: String
            public var count: UInt64
            public var shallowSize: UInt64

            public init(className: String, count: UInt64, shallowSize: UInt64) {
                (self.className, self.count, self.shallowSize) = (className, count, shallowSize)
            }
        }

        public init(
            sentence: String, className: String, objectCount: UInt64, retainedSize: UInt64, share: Double,
            accumulator: ObjectRef? = nil, path: [PathStep], classCount: Int = 0, classes: [Part] = []
        ) {
            self.sentence = sentence
            self.className = className
            self.objectCount = objectCount
            self.retainedSize = retainedSize
            self.share = share
            self.accumulator = accumulator
            self.path = path
            self.classCount = classCount
            self.classes = classes
        }
    }
}
