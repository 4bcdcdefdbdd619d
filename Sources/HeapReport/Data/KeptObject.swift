extension ReportData {
    /// An object.
    public struct ObjectRef: Codable, Sendable, Equatable {
        public var id: UInt64
        public var name: String
        public var className: String
        public var shallowSize: UInt64
        public var retainedSize: UInt64
        /// Steps from a root; negative where there is no way from one.
        public var distance: Int

        public init(
            id: UInt64, name: String, className: String, shallowSize: UInt64, retainedSize: UInt64, distance: Int
        ) {
            self.id = id
            self.name = name
            self.className = className
            self.shallowSize = shallowSize
            self.retainedSize = retainedSize
            self.distance = distance
        }
    }

    /// One object on the way from a root to another.
    public struct PathStep: Codable, Sendable, Equatable {
        /// How the step before refers to this one, as in `.cache`, `[12]` or `{elements}`.
        public var edge: String?
        public var id: UInt64
        public var name: String
        public var className: String
        public var retainedSize: UInt64

        public init(edge: String? = nil, id: UInt64, name: String, className: String, retainedSize: UInt64) {
            self.edge = edge
            self.id = id
            self.name = name
            self.className = className
            self.retainedSize = retainedSize
        }
    }

    /// An object and what keeps it alive.
    public struct KeptObject: Codable, Sendable, Equatable {
        public var object: ObjectRef
        public var path: [PathStep]

        public init(object: ObjectRef, path: [PathStep]) {
            self.object = object
            self.path = path
        }
    }
}
