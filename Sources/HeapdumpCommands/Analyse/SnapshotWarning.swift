import NodeProcess

/// What a reader of a snapshot should know although it is valid. Every command that reads one says it in the same words: on standard
/// error, or in `warnings` of its JSON.
struct SnapshotWarning: Hashable {
    let file: String
    let note: String

    /// For the JSON of a command that reads several files.
    var text: String { "\(file): \(note)" }

    /// Says each once, though a file may be read twice.
    static func tell(_ warnings: [SnapshotWarning]) {
        for warning in unique(warnings) {
            StandardStreams.error.write(
                line: "\(TerminalText.escaped(warning.file)): warning: \(Printable.text(warning.note))")
        }
    }

    static func unique(_ warnings: [SnapshotWarning]) -> [SnapshotWarning] {
        var seen: Set<SnapshotWarning> = []
        return warnings.filter { seen.insert($0).inserted }
    }
}

extension AnalysisInput.Opened {
    var warnings: [SnapshotWarning] { loaded.notes.map { SnapshotWarning(file: file, note: $0) } }

    func warn() { SnapshotWarning.tell(warnings) }
}
