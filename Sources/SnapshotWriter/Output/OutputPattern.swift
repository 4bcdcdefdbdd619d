public import Glibc
import NodeProcess

/// Where the snapshot goes, as given to `--output`: a path with `%` sequences, a directory, or `-`.
public struct OutputPattern: Sendable, Equatable {
    public enum Destination: Sendable, Equatable {
        case standardOutput
        case file(String)
    }

    /// nil: the default name in the working directory.
    private let text: String?

    /// - Throws: `OutputError.badPattern` for an unknown `%` sequence, an empty path, or a directory that the process would choose.
    public init(_ text: String?) throws(OutputError) {
        self.text = text
        guard let text else { return }
        if text.isEmpty { throw .badPattern("the output path is empty") }
        if text.utf8.contains(0) { throw .badPattern("the output path holds a NUL byte") }
        if let suffix = Self.compressedSuffixes.first(where: text.hasSuffix) {
            throw .badPattern(
                "the name ends in \(suffix), and heapdump does not compress; write it plain, or through a pipe: heapdump ... -o - | "
                    + "\(suffix == ".gz" ? "gzip" : "zstd") > ...")
        }
        _ = try Self.expand(text) { _ in "" }
        let directory = text.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        if Self.sequences(directory).contains(Self.scriptName) {
            throw .badPattern(
                "%n (script name) stands in a directory's name, and the process would choose where its dump goes; use it after the "
                    + "last / alone")
        }
    }

    /// Who reads a file goes by these, and would take plain text for a broken archive.
    private static let compressedSuffixes = [".gz", ".zst"]

    /// What the process chooses.
    private static let scriptName: Character = "n"

    public var isStandardOutput: Bool { text == "-" }

    /// Whether dumps of several processes get names of their own.
    public func isDistinctPerProcess() -> Bool { isDistinct(by: "p") }

    /// Whether dumps of several threads of a process get names of their own.
    public func isDistinctPerThread() -> Bool { isDistinct(by: "w") }

    private func isDistinct(by sequence: Character) -> Bool {
        guard let text else { return true }
        if isStandardOutput { return false }
        return text.hasSuffix("/") || Self.sequences(text).contains(sequence) || Self.isDirectory(text)
    }

    /// The destination for one thread of one process at one time.
    /// - Parameter thread: 0 for the main thread.
    public func destination(
        pid: Int32, script: String?, thread: Int = 0, at time: timespec
    ) throws(OutputError) -> Destination {
        guard let text else { return .file(Self.defaultName(at: time)) }
        if isStandardOutput { return .standardOutput }
        let path = try Self.expand(text) { sequence in
            switch sequence {
            case "p": String(pid)
            case "t": Self.utcTime(time)
            case "w": String(thread)
            case "h": Self.fileNamePart(Self.hostName())
            default: Self.fileNamePart(script.map(Self.lastComponent) ?? "node")
            }
        }
        if path.hasSuffix("/") { return .file(path + Self.defaultName(at: time)) }
        // A process that is called as a directory there does not choose that one.
        if !Self.sequences(text).contains(Self.scriptName), Self.isDirectory(path) {
            return .file(path + "/" + Self.defaultName(at: time))
        }
        return .file(path)
    }

    /// node-heapdump's name: seconds and microseconds, of the wall clock.
    static func defaultName(at time: timespec) -> String {
        let microseconds = String(time.tv_nsec / 1000)
        let padding = String(repeating: "0", count: max(0, 6 - microseconds.count))
        return "heapdump-\(time.tv_sec).\(padding)\(microseconds).heapsnapshot"
    }

    /// A path that is a directory itself; a symbolic link to one counts only when written with a final slash, since a
    /// link under the operator's file name may have been put there by somebody else.
    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func sequences(_ text: String) -> [Character] {
        var found: [Character] = []
        // The pattern was checked by the initialiser.
        _ = try? expand(text) { sequence in
            found.append(sequence)
            return ""
        }
        return found
    }

    private static func expand(_ text: String, _ value: (Character) -> String) throws(OutputError) -> String {
        var result = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "%" else {
                result.append(character)
                continue
            }
            switch rest.popFirst() {
            case "%": result.append("%")
            case let sequence? where "pthnw".contains(sequence): result.append(value(sequence))
            case let other:
                throw .badPattern(
                    "the output path holds %\(other.map(String.init) ?? ""); known are %p (pid), %t (UTC time), %h (host), "
                        + "%n (script name), %w (thread) and %% (a percent sign)")
            }
        }
        return result
    }

    private static func utcTime(_ time: timespec) -> String {
        var seconds = time.tv_sec
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 32)
        strftime(&buffer, buffer.count, "%Y%m%dT%H%M%SZ", &parts)
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    private static func hostName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        gethostname(&buffer, buffer.count - 1)
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    private static func lastComponent(_ path: String) -> String {
        String(path.split(separator: "/").last ?? "node")
    }

    /// The target chooses its script's name: what could leave the directory, hide the file or reach the terminal raw is
    /// replaced.
    private static func fileNamePart(_ text: String) -> String {
        var safe = ""
        for scalar in text.unicodeScalars {
            let isPlain =
                scalar.isASCII
                ? scalar.value > 0x20 && scalar.value < 0x7F && scalar != "/" : scalar.properties.isAlphabetic
            let next: Unicode.Scalar = isPlain ? scalar : "_"
            // Whole characters, whatever they take: a file's name has 255 bytes.
            guard safe.utf8.count + UTF8.width(next) <= mostBytes else { break }
            safe.unicodeScalars.append(next)
        }
        guard let first = safe.unicodeScalars.first else { return "_" }
        return first == "." || first == "-" ? "_" + String(safe.unicodeScalars.dropFirst()) : safe
    }

    /// Of a part that others choose, so that the others have room in a file's name.
    private static let mostBytes = 100
}
