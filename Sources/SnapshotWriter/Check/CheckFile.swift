import HeapSnapshot
public import SnapshotReading

/// What `check` found of one file: the object that `--json` prints, documented in the README.
public struct CheckResult: Sendable, Encodable {
    public var file: String
    public var verdict: String?
    public var bytes: UInt64?
    public var nodes: UInt64?
    public var edges: UInt64?
    public var strings: UInt64?
    public var totalSelfSize: UInt64?
    public var invariant: String?
    public var section: String?
    /// In bytes from the beginning of the file.
    public var offset: UInt64?
    public var reason: String?
    /// Of `reason` or `error`.
    public var reasonCode: ReasonCode?
    public var warnings: [String] = []
    /// Why the file could not be read.
    public var error: String?

    public var isValid: Bool { verdict == "valid" }
    /// One line for people; not printed as JSON.
    @Unprinted public private(set) var explanation = ""

    public init(file: String, error: String) {
        self.file = file
        self.error = error
        reasonCode = .inputRefused
    }

    init(
        _ input: SnapshotInput, _ compression: Compression?, verdict: SnapshotVerdict, bytes: UInt64, notes: [String]
    ) {
        file = input.name
        self.verdict = verdict.name
        self.bytes = bytes
        warnings = notes
        let read = ReadInput(input, compression, command: "heapdump check -")
        explanation = verdict.explanation(of: read)
        switch verdict {
        case .valid(let counts):
            nodes = counts.nodes
            edges = counts.edges
            strings = counts.strings
            totalSelfSize = counts.totalSelfSize
        case .empty: break
        case .truncated(let section, let offset):
            self.section = section.rawValue
            self.offset = offset
        case .inconsistent(let fault):
            invariant = fault.invariant.rawValue
            section = fault.section.rawValue
            offset = fault.offset
            reason = fault.detail
            reasonCode = .inconsistent
        case .notASnapshot(let foreign):
            reason = foreign.explanation(of: read)
            reasonCode = .notASnapshot
        }
    }
}

/// Checks a file in one pass, with the validator that `take` uses.
public enum CheckFile {
    /// - Parameters:
    ///   - file: its name as people read it; `-` is standard input.
    ///   - path: the bytes of its name, ended by a NUL.
    public static func check(_ file: String, path: [CChar]) throws(InputError) -> CheckResult {
        let input = SnapshotInput(name: file, path: path)
        let reader = ChunkReader(try input.open())
        defer { reader.stop() }
        var validator = SnapshotValidator()
        // What comes after the first fault cannot make the file valid: a hostile pipe need not be read to its end.
        while validator.verdictSoFar == nil, let chunk = try reader.next() { validator.feed(chunk) }
        let verdict = validator.finish()
        return CheckResult(
            input, reader.compression, verdict: verdict, bytes: validator.progress.bytes, notes: validator.notes)
    }
}
