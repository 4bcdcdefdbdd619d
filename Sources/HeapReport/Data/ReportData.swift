/// All that a report page shows. Sizes are in bytes; the names of the keys are those that the page's scripts read.
public struct ReportData: Codable, Sendable, Equatable {
    /// The snapshot's file name.
    public var file: String
    /// The file's size.
    public var bytes: UInt64
    public var heapdumpVersion: String
    /// When the report was made, as ISO 8601 has it.
    public var created: String?
    public var nodes: UInt64
    public var edges: UInt64
    public var strings: UInt64
    public var totalSize: UInt64
    public var statistics: Statistics
    /// The likeliest first.
    public var suspects: [Suspect]
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
        file: String, bytes: UInt64, heapdumpVersion: String, created: String? = nil, nodes: UInt64, edges: UInt64,
        strings: UInt64, totalSize: UInt64, statistics: Statistics, suspects: [Suspect], classes: [HeapClass],
        classCount: Int, biggestObjects: [KeptObject], duplicateStrings: [DuplicateString],
        duplicateStringsWastedSize: UInt64, detached: Detached, treemap: TreemapNode, growth: Growth? = nil,
        notes: [String]
    ) {
        self.file = file
        self.bytes = bytes
        self.heapdumpVersion = heapdumpVersion
        self.created = created
        self.nodes = nodes
        self.edges = edges
        self.strings = strings
        self.totalSize = totalSize
        self.statistics = statistics
        self.suspects = suspects
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

    enum CodingKeys: String, CodingKey {
        case file, bytes
        case heapdumpVersion = "heapdump_version"
        case created, nodes, edges, strings
        case totalSize = "total_size"
        case statistics, suspects, classes
        case classCount = "class_count"
        case biggestObjects = "biggest_objects"
        case duplicateStrings = "duplicate_strings"
        case duplicateStringsWastedSize = "duplicate_strings_wasted_size"
        case detached, treemap, growth, notes
    }
}
