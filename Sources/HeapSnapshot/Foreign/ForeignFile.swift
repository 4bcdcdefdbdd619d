/// A file that is not a heap snapshot: what it is instead, and how to get at the snapshot, if it holds one.
public struct ForeignFile: Sendable, Equatable {
    /// A clause, such as "it is compressed with xz", in ASCII. It never quotes the file, which may hold secrets.
    public let reason: String
    /// nil if nothing can be done with it.
    public let remedy: Remedy?

    public enum Remedy: Sendable, Equatable {
        /// A command that writes the snapshot to standard output.
        case filter(Filter)
        /// What to do, as an imperative.
        case advice(String)
        /// What the file itself is opened with or in, without its compression, such as "with perf report".
        case program(String)
    }

    public struct Filter: Sendable, Equatable {
        /// What the command does, as an imperative: "decompress it".
        public let action: String
        /// The command, without the file's name at its end.
        public let onFile: String
        /// The command that reads standard input; nil if none can.
        public let onInput: String?
    }

    public init(reason: String, remedy: Remedy? = nil) {
        self.reason = reason
        self.remedy = remedy
    }

    /// Number of first bytes that are looked at: the mark of a tar archive stands after the name of its first file.
    static let prefixLength = 512

    /// - Parameter prefix: the first bytes of the file; all of them if there are fewer.
    init(_ prefix: [UInt8]) {
        self = ForeignFormat.all.first { $0.matches(prefix) }?.file(prefix) ?? Self.unknown(prefix)
    }

    private static func unknown(_ prefix: [UInt8]) -> ForeignFile {
        switch prefix.first(where: { !$0.isJSONWhiteSpace }) {
        case UInt8(ascii: "{"): ForeignFile(reason: "its first key is not \"snapshot\"")
        case UInt8(ascii: "["): ForeignFile(reason: "it is a JSON array")
        default: ForeignFile(reason: "it does not begin with a JSON object")
        }
    }
}
