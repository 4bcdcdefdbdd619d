import ArgumentParser
import Glibc
import SnapshotWriter

/// Exit codes are documented once, in `SnapshotWriter.ExitCode`.
@main
struct Heapdump: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heapdump",
        abstract: "Dump the V8 heap of a running Node process to a checked .heapsnapshot file, and say what leaks.",
        usage: """
            heapdump <pid> ... [options]
            heapdump --name <text> [--user <name>] | --pid-file <file> [options]
            heapdump list [--threads] [--user <name>] [--json]
            heapdump check <file> ...
            heapdump summary <file>
            heapdump diff <base> <file> [--fail-if <expression>] ...
            heapdump retainers <file> <class|@id>
            heapdump show <file> <@id>
            heapdump find <file> [--class <name>] [--min-size <size>] ...
            heapdump report <file> [--base <file>] -o <path>
            heapdump export <file> --sqlite <path>
            """,
        discussion: """
            EXAMPLES
              heapdump 1234                  write heapdump-<sec>.<usec>.heapsnapshot here
              heapdump 1234 -o /var/dumps/   write it there
              heapdump -n server.js          the one whose script or title matches
              heapdump --pid-file app.pid    the process whose id stands in a file
              heapdump list                  show the Node processes that are running
              heapdump take --help           all options for taking a snapshot
              heapdump check *.heapsnapshot  say whether files are whole

              heapdump summary a.heapsnapshot                   what leaks?
              heapdump diff a.heapsnapshot b.heapsnapshot       what grew since?
              heapdump retainers a.heapsnapshot Session         what holds them?
              heapdump report b.heapsnapshot -o report.html     a page to send

            A forked copy takes the snapshot; where none can be made, the process's \
            JavaScript stands still meanwhile.

            EXIT STATUS
            \(ExitCodeTable.text)
            """,
        version: HeapdumpVersion.text,
        subcommands: [
            Take.self, List.self, Check.self, Summary.self, Diff.self, RetainersCommand.self, Show.self, Find.self,
            ReportCommand.self, Export.self, GuardInspector.self,
        ],
        defaultSubcommand: Take.self)

    static func main() {
        // Before ArgumentParser makes up its mind about all commands, which is a third of the time that this takes.
        if CommandLine.arguments.dropFirst() == ["--version"] {
            StandardStreams.ensureOpen()
            if !StandardStreams.output.write(line: HeapdumpVersion.text) {
                StandardStreams.error.write(line: "heapdump: \(Output.failure(errno))")
                Glibc.exit(SnapshotWriter.ExitCode.outputError.rawValue)
            }
            return
        }
        ProcessLimits.forbidCores()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            UsageError.exit(withError: error, of: self)
        }
    }
}

enum ExitCodeTable {
    /// For help texts, which ArgumentParser breaks without indenting them.
    private static let width = 78

    /// All of them.
    static let text = lines(SnapshotWriter.ExitCode.allCases.map { ($0, $0.summary) })

    /// Of the commands that look into snapshots.
    /// - Parameters:
    ///   - noSuch: what it is that may not be there.
    ///   - output: what may not be writable.
    ///   - hasConditions: whether the command takes --fail-if.
    static func analysis(
        noSuch: String? = nil, output: String = "standard output", hasConditions: Bool = false
    ) -> String {
        var rows: [(SnapshotWriter.ExitCode, String)] = [
            (.success, "done"), (.usage, SnapshotWriter.ExitCode.usage.summary),
            (.snapshotInvalid, SnapshotWriter.ExitCode.snapshotInvalid.summary),
        ]
        if let noSuch { rows.append((.noSuchProcess, noSuch)) }
        rows += [
            (.memoryTooTight, "there is too little memory to analyse it; --force-memory tries all the same"),
            (.outputError, "\(output) cannot be written"),
            (.inputError, "the snapshot cannot be read, or its compression is damaged"),
        ]
        if hasConditions { rows.append((.growthFound, SnapshotWriter.ExitCode.growthFound.summary)) }
        return lines(rows)
    }

    /// One code a line, with its further lines below its text.
    private static func lines(_ rows: [(SnapshotWriter.ExitCode, String)]) -> String {
        rows.flatMap { code, summary in
            let number = String(code.rawValue)
            let head = String(repeating: " ", count: max(0, 5 - number.count)) + number + "  "
            return TextWrap.lines(summary, width: width - head.count).enumerated().map { index, line in
                (index == 0 ? head : String(repeating: " ", count: head.count)) + line
            }
        }
        .joined(separator: "\n")
    }
}
