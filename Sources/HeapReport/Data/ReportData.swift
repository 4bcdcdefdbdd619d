/// All that a report page shows. Sizes are in bytes; the names of the keys are those that the page's scripts read.
public struct ReportData: Codable, Sendable, Equatable {
    /// The snapshot's file name.
    public var file: String
    /// The file's size.
    public var bytes: UInt64
    public var heapdumpVersion: String
    /// When the report was made, in ISO 8601.
    public var created: String?
    /// Whose heap it is, as far as that is known.
    public var origin: Origin
    public var nodes: UInt64
    public var edges: UInt64
    public var strings: UInt64
    public var totalSize: UInt64
    public var statistics: Statistics
    /// The likeliest first.
    public var suspects: [Suspect]
    /// Sentences about what is many, however little it holds.
    public var alsoMany: [String]
    /// The largest by retained size, of `classCount`.
    public var classes: [HeapClass]
    public var classCount: Int
    public var biggestObjects: [KeptObject]
    public var duplicateStrings: [DuplicateString]
    /// Of all duplicated strings, listed or not.
    public var duplicateStringsWastedSize: UInt64
    public var detached: Detached
    public var treemap: TreemapNode
    /// Against an earlier snapshot, where there is one.
    public var growth: Growth?
    /// What was not done, or is approximate.
    public var notes: [String]

    public init(
        file: String, bytes: UInt64, heapdumpVersion: String, created: String? = nil, origin: Origin = Origin(),
        nodes: UInt64, edges: UInt64,
        strings: UInt64, totalSize: UInt64, statistics: Statistics, suspects: [Suspect], alsoMany: [String] = [],
        classes: [HeapClass], classCount: Int, biggestObjects: [KeptObject], duplicateStrings: [DuplicateString],
        duplicateStringsWastedSize: UInt64, detached: Detached, treemap: TreemapNode, growth: Growth? = nil,
        notes: [String]
    ) {
        self.file = file
        self.bytes = bytes
        self.heapdumpVersion = heapdumpVersion
        self.created = created
        self.origin = origin
        self.nodes = nodes
        self.edges = edges
        self.strings = strings
        self.totalSize = totalSize
        self.statistics = statistics
        self.suspects = suspects
        self.alsoMany = alsoMany
        self.classes = classes
        self.classCount = classCount
        self.biggestObjects = biggestObjects
        self.duplicateStrings = duplicateStrings
        self.duplicateStringsWastedSize = duplicateStringsWastedSize
        self.detached = detached
        self.treemap = treemap
        self.growth = growth
        self.notes = notes
    }

    /// What was seen of the program and the file; nil for what was not.
    public struct Origin: Codable, Sendable, Equatable {
        /// Path of the program's main script.
        public var script: String?
        /// Name and version of what runs it.
        public var runtime: String?
        /// When the file was last changed, in ISO 8601.
        public var changed: String?

        public init(script: String? = nil, runtime: String? = nil, changed: String? = nil) {
            self.script = script
            self.runtime = runtime
            self.changed = changed
        }
    }
}
