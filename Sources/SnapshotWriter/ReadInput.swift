import HeapSnapshot
import NodeProcess
public import SnapshotReading

/// What a command has read: for the command that reads what a file holds, where the file itself is no snapshot.
public struct ReadInput: Sendable {
    /// Name of the file in bytes; nil for standard input.
    let name: [UInt8]?
    /// How the file is compressed: heapdump saw what is inside.
    let compression: Compression?
    /// The command that was given, with - for the file; nil if standard input is taken already.
    let command: String?

    /// - Parameter command: the same command with - for the file; nil if standard input is taken already.
    public init(_ input: SnapshotInput, command: String?) {
        name = input.name == "-" ? nil : input.path.dropLast().map { UInt8(bitPattern: $0) }
        compression = input.compression()
        self.command = command
    }

    /// Commands that write what the file holds to standard output; nil if there are none.
    func pipeline(_ filter: ForeignFile.Filter) -> String? {
        guard let name else { return filter.onInput }
        let word = ShellWord.file(name)
        guard let compression else { return "\(filter.onFile) \(word)" }
        return filter.onInput.map { "\(compression.name) -dc \(word) | \($0)" }
    }
}

extension ForeignFile {
    /// What it is, and what to do: with the commands to type.
    func explanation(of input: ReadInput?) -> String {
        switch remedy {
        case .advice(let advice)? where input != nil: return "\(reason); \(advice)"
        case .filter(let filter)?:
            guard let input else { return reason }
            guard let pipeline = input.pipeline(filter) else { return "\(reason); \(filter.action) first" }
            guard let command = input.command else { return "\(reason); \(filter.action) first: \(pipeline)" }
            return "\(reason); \(filter.action): \(pipeline) | \(command)"
        default: return reason
        }
    }
}
