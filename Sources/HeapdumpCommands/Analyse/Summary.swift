import ArgumentParser
import HeapAnalysis
import HeapSnapshot
import SnapshotWriter

struct Summary: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what a heap snapshot holds, and what leaks.",
        usage: """
            heapdump summary <file> [--json [--all]] [--force-memory]
            """,
        discussion: """
            Leak suspects, what the heap is made of, classes by retained size, the biggest objects with what holds them, \
            duplicated strings, and closures by function: with the numbers that Chrome DevTools shows.

            EXAMPLES
              heapdump summary leak.heapsnapshot
              heapdump summary leak.heapsnapshot.gz
              heapdump summary --json --all leak.heapsnapshot

            EXIT STATUS
            \(ExitCodeTable.analysis())
            """)

    @Argument(
        help: ArgumentHelp("The snapshot, also compressed by gzip or zstd; - is standard input.", valueName: "file"))
    var file: String

    @Flag(help: "With --json: every class, string and function, not only the largest 50 of each.")
    var all = false

    @OptionGroup var options: AnalysisOptions

    func validate() throws {
        if all, !options.json { throw ValidationError("--all needs --json: there may be thousands of lines") }
    }

    func run() throws {
        StandardStreams.ensureOpen()
        var arguments = RawArguments()
        let opened = try AnalysisInput(options: options).open(file, path: arguments.next(file), isSummarized: true)
        let summary = try opened.summary()
        if options.json {
            try Output.print(JSONLine.text(SummaryReport(opened, summary, all ? .all : .short)))
            return
        }
        try Output.print(
            ([opened.headline, ""] + SummaryText(summary: summary, width: Output.width).long()).joined(separator: "\n"))
        opened.warn()
    }
}

extension AnalysisInput.Opened {
    func summary() throws -> HeapSummary {
        do {
            return try HeapSummary(analysis)
        } catch {
            throw AnalysisInput.fail(file, "there is not enough memory to analyse it", .memoryTooTight)
        }
    }

    /// The file, and its size.
    var headline: String {
        let counts = loaded.counts
        let size =
            "\(Printable.bytes(analysis.statistics.totalSize)) in \(Printable.count(counts.nodes)) objects; "
            + "the file has \(Printable.bytes(counts.bytes))"
        return ([HeapTextPrinter.name(file, longest: Output.width)] + Output.fitting(size)).joined(separator: "\n")
    }
}
