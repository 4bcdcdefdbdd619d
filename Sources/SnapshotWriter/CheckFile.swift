import Glibc
import HeapSnapshot

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
    public var warnings: [String] = []
    /// Why the file could not be read.
    public var error: String?

    public var isValid: Bool { verdict == "valid" }
    /// One line for people; not printed as JSON.
    public private(set) var explanation = ""

    enum CodingKeys: String, CodingKey {
        case file, verdict, bytes, nodes, edges, strings
        case totalSelfSize = "total_self_size"
        case invariant, section, offset, reason, warnings, error
    }

    public init(file: String, error: String) {
        self.file = file
        self.error = error
    }

    init(file: String, verdict: SnapshotVerdict, bytes: UInt64, notes: [String]) {
        self.file = file
        self.verdict = verdict.name
        self.bytes = bytes
        warnings = notes
        explanation = verdict.explanation
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
        case .notASnapshot(let reason):
            self.reason = reason
        }
    }
}

/// Why a file could not be checked.
public struct InputError: Error {
    public let message: String
}

/// Checks a file in one pass, with the validator that `take` uses.
public enum CheckFile {
    private static let bufferBytes = 256 << 10

    /// - Parameters:
    ///   - file: its name as people read it; `-` is standard input.
    ///   - path: the bytes of its name, ended by a NUL.
    public static func check(_ file: String, path: [CChar]) throws(InputError) -> CheckResult {
        let descriptor = file == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw error("open") }
        defer { close(descriptor) }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        var validator = SnapshotValidator()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferBytes, alignment: 16)
        defer { buffer.deallocate() }
        // What comes after the first fault cannot make the file valid: a hostile pipe need not be read to its end.
        while validator.verdictSoFar == nil {
            let count = try fill(buffer, from: descriptor)
            if count == 0 { break }
            validator.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        let verdict = validator.finish()
        return CheckResult(file: file, verdict: verdict, bytes: validator.progress.bytes, notes: validator.notes)
    }

    /// Reads on through a pipe's small portions: the first bytes together tell what a file is that is no snapshot.
    private static func fill(_ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32) throws(InputError) -> Int
    {
        var filled = 0
        while filled < buffer.count, let base = buffer.baseAddress {
            let count = read(descriptor, base + filled, buffer.count - filled)
            if count < 0 {
                if errno == EINTR { continue }
                throw error("read")
            }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    private static func error(_ operation: String) -> InputError {
        InputError(message: "cannot \(operation) it: " + String(cString: strerror(errno)))
    }
}
