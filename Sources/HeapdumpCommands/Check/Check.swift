import ArgumentParser
import HeapSnapshot
import NodeProcess
import SnapshotWriter

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether .heapsnapshot files are whole and consistent.",
        discussion: """
            Prints one line a file, with its verdict: valid, empty, truncated, inconsistent (with the invariant that is \
            broken, the section and the byte offset), or not a snapshot (with what the file is, and what to do). Files compressed by gzip or zstd are read as they are; \
            offsets and lengths are those of what is inside.

            EXAMPLES
              heapdump check leak.heapsnapshot
              heapdump check --json *.heapsnapshot
              heapdump check leak.heapsnapshot.gz
              ssh host cat leak.heapsnapshot.zst | heapdump check -

            EXIT STATUS
              0 if all files are valid, else that of the first that is not: 65 not valid, 74 cannot be read.
            """)

    @Argument(help: ArgumentHelp("The files; - is standard input.", valueName: "file"))
    var files: [String]

    @Flag(help: "Print one JSON object a file.")
    var json = false

    func run() throws {
        StandardStreams.ensureOpen()
        var first = SnapshotWriter.ExitCode.success
        var arguments = RawArguments()
        for file in files {
            let code = try check(file, path: arguments.next(file))
            if first == .success { first = code }
        }
        if first != .success { throw ArgumentParser.ExitCode(first.rawValue) }
    }

    private func check(_ file: String, path: [CChar]) throws -> SnapshotWriter.ExitCode {
        let result: CheckResult
        do {
            result = try CheckFile.check(file, path: path)
        } catch {
            StandardStreams.error.write(line: "heapdump: \(TerminalText.escaped(file)): \(error.message)")
            if json { try Output.print(JSONLine.text(CheckResult(file: file, error: error.message))) }
            return .inputError
        }
        let line = json ? JSONLine.text(result) : "\(TerminalText.escaped(file)): \(Printable.text(result.explanation))"
        try Output.print(line)
        if !json {
            SnapshotWarning.tell(result.warnings.map { SnapshotWarning(file: file, note: $0) })
        }
        return result.isValid ? .success : .snapshotInvalid
    }
}
