import ArgumentParser
import Glibc
import SnapshotWriter

/// Exit codes are documented once, in `SnapshotWriter.ExitCode`.
struct Heapdump: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heapdump",
        abstract: "Dump the V8 heap of a running Node process to a checked .heapsnapshot file, and say what leaks.",
        usage: """
            heapdump <pid> ... [options]
            heapdump --name <text> [--user <name>] | --pid-file <file> [options]
            heapdump list [--threads] [--user <name>] [--json]
            heapdump stack <pid> ... [--threads] [--samples <count>] [--json]
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
              heapdump stack 1234            what it is doing, and where in its code
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
            Take.self, List.self, StackCommand.self, Check.self, Summary.self, Diff.self, RetainersCommand.self,
            Show.self, Find.self,
            ReportCommand.self, Export.self, GuardInspector.self,
        ],
        defaultSubcommand: Take.self)
}
