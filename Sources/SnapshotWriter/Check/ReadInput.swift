import HeapSnapshot
import NodeProcess
public import SnapshotReading

/// What a command has read: for the command that reads what a file holds, where the file itself is no snapshot.
public struct ReadInput: Sendable {
    /// Name of the file in bytes; nil for standard input.
    let name: [UInt8]?
    /// How the file or standard input is compressed: heapdump saw what is inside.
    let compression: Compression?
    /// The command that was given, with - for the file; nil if standard input is taken already.
    let command: String?

    /// - Parameter command: the same command with - for the file; nil if standard input is taken already.
    public init(_ input: SnapshotInput, _ compression: Compression?, command: String?) {
        name = input.name == "-" ? nil : input.path.dropLast().map { UInt8(bitPattern: $0) }
        self.compression = compression
        self.command = command
    }

    /// Commands that write what the file holds to standard output; nil if there are none.
    func pipeline(_ filter: ForeignFile.Filter) -> String? {
        if let decompression { return filter.onInput.map { "\(decompression) | \($0)" } }
        return word.map { "\(filter.onFile) \($0)" } ?? filter.onInput
    }

    /// The command that undoes the compression; nil if there is none.
    var decompression: String? {
        compression.map { (["\($0.name) -dc"] + [word].compactMap { $0 }).joined(separator: " ") }
    }

    /// The file's name as a shell takes it; nil for standard input.
    private var word: String? { name.map(ShellWord.file) }
}

extension ForeignFile {
    /// What it is, and what to do: with the commands to type.
    func explanation(of input: ReadInput?) -> String {
        switch remedy {
        case .advice(let advice)? where input != nil: return "\(reason); \(advice)"
        case .program(let place)?:
            guard let input else { return reason }
            guard let decompression = input.decompression else { return "\(reason); open it \(place)" }
            return "\(reason); decompress it (\(decompression)) into a file, and open that \(place)"
        case .filter(let filter)?:
            guard let input else { return reason }
            guard let pipeline = input.pipeline(filter) else { return "\(reason); \(filter.action) first" }
            guard let command = input.command else { return "\(reason); \(filter.action) first: \(pipeline)" }
            return "\(reason); \(filter.action): \(pipeline) | \(command)"
        default: return reason
        }
    }
}
