import ArgumentParser
import Glibc
import NodeProcess
import SnapshotWriter

struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the Node processes that are running.",
        discussion: """
            Node is recognised by what its executable holds, whatever that is called. Nothing is run, and nothing is \
            changed.

            CONTAINER tells the kind and the id; pid-ns and mount-ns say only that the process has such a namespace of its \
            own. METHOD is the way in which heapdump would take a snapshot, as far as a look tells, or none. MEMORY is ok where there \
            is memory enough for it, tight where there is not, and ask where heapdump would ask V8 for the heap's size first. On a \
            terminal the command is cut to the width; in a pipe it is whole.

            A process that may not be looked into, but is called as Node is, shows ? for what is not known; root sees more. So does one \
            that could not be looked at in time.

            With --threads the state is the kernel's letter: R runs, S sleeps, D waits for a device, T is stopped. Only \
            newer versions of Node name their threads.

            EXAMPLES
              heapdump list
              heapdump list --threads
              heapdump list --json | jq -r 'select(.rss_bytes > 1e9) | .pid'
              sudo heapdump list
              sudo heapdump list --user www-data

            EXIT STATUS
              0, also where no Node process is running; 64 the command line is wrong, 70 /proc cannot be read, 73 the \
            list cannot be written.
            """)

    @Flag(help: "Print one JSON object a process.")
    var json = false

    @Flag(help: "Show the threads of every process.")
    var threads = false

    @Option(help: ArgumentHelp("Show the processes of this user alone, by name or number.", valueName: "name"))
    var user: UserArgument?

    func run() throws {
        StandardStreams.ensureOpen()
        let listing: ProcessListing
        do {
            listing = try ProcessListing.read(of: user?.id, withThreads: threads)
        } catch let error as ProcessError {
            StandardStreams.error.write(line: "heapdump: " + Printable.text(error.message))
            throw ArgumentParser.ExitCode(error.exitCode.rawValue)
        }
        let output = StandardStreams.output
        let lines =
            json
            ? listing.processes.map { JSONLine.text($0) }
            : ProcessTable.lines(listing.processes, width: output.isTerminal ? output.columns : nil)
        if !lines.isEmpty { try Output.print(lines.joined(separator: "\n")) }
        for note in listing.notes { StandardStreams.error.write(line: "heapdump: " + Printable.text(note)) }
    }
}
