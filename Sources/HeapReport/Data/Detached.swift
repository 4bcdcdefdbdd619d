extension ReportData {
    /// What closures and their contexts keep, and what the program has detached.
    public struct Detached: Codable, Sendable, Equatable {
        public var contexts: [Scope]
        public var closures: [Scope]
        public var other: [Object]

        public init(contexts: [Scope], closures: [Scope], other: [Object]) {
            self.contexts = contexts
            self.closures = closures
            self.other = other
        }

        /// What a function left behind.
        public struct Scope: Codable, Sendable, Equatable {
            public var function: String
            /// As script:line:column.
            public var location: String?
            public var count: UInt64
            public var retainedSize: UInt64

            public init(function: String, location: String? = nil, count: UInt64, retainedSize: UInt64) {
                self.function = function
                self.location = location
                self.count = count
                self.retainedSize = retainedSize
            }
        }

        /// Objects of one name.
        public struct Object: Codable, Sendable, Equatable {
            public var name: String
            public var count: UInt64
            public var retainedSize: UInt64

            public init(name: String, count: UInt64, retainedSize: UInt64) {
                self.name = name
                self.count = count
                self.retainedSize = retainedSize
            }
        }
    }
}
