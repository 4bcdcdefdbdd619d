import ArgumentParser
import HeapAnalysis
import HeapSnapshot
import SnapshotWriter

struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what grew between two heap snapshots of one process.",
        usage: """
            heapdump diff <base> <file> [--json [--all]] [--force-memory]
            """,
        discussion: """
            Per class: objects that are new, objects that are gone, and how much more the class holds, as in the comparison of \
            Chrome DevTools; and how what grew most is held. Plain objects are told apart by the interfaces of the newer \
            snapshot.

            RETAINED, SIZE and DELTA hold for any two dumps of a process. NEW and DELETED go by the objects' ids, which only \
            dumps by a signal keep from one to the next: each forked copy numbers objects anew, and V8 forgets the numbers when an \
            inspector's session ends. A warning says where the ids do not belong together.

            EXAMPLES
              heapdump diff monday.heapsnapshot tuesday.heapsnapshot
              heapdump diff --json --all a.heapsnapshot.gz b.heapsnapshot.gz

            EXIT STATUS
            \(ExitCodeTable.analysis())
            """)

    @Argument(help: ArgumentHelp("The older snapshot.", valueName: "base"))
    var base: String

    @Argument(help: ArgumentHelp("The newer snapshot.", valueName: "file"))
    var file: String

    @Flag(help: "With --json: every class that changed, not only the 50 that grew most.")
    var all = false

    @OptionGroup var options: AnalysisOptions

    func validate() throws {
        if all, !options.json { throw ValidationError("--all needs --json: there may be thousands of lines") }
        if base == "-", file == "-" { throw ValidationError("only one of the two can be standard input") }
    }

    func run() throws {
        StandardStreams.ensureOpen()
        var arguments = RawArguments()
        let basePath = arguments.next(base)
        let path = arguments.next(file)
        try AnalysisInput.expect(base, path: basePath)
        try AnalysisInput.expect(file, path: path)
        let input = AnalysisInput(options: options)
        let opened = try input.open(file, path: path)
        let diff: HeapDiff
        let statistics: HeapStatistics
        let warnings: [String]
        do {
            let (older, notes) = try Self.read(base, basePath, input, opened.analysis.interfaces)
            diff = try HeapDiff(older, opened.analysis)
            statistics = older.statistics
            warnings = notes + opened.loaded.notes + (diff.hasUnrelatedIDs ? [Self.unrelatedIDs] : [])
        } catch is HeapAnalysis.OutOfMemory {
            throw AnalysisInput.fail(file, "there is not enough memory to compare it", .memoryTooTight)
        }
        if options.json {
            try Output.print(
                JSONLine.text(DiffReport(base, statistics, opened, diff, warnings, all: all)))
            return
        }
        try Output.print(
            DiffText(diff: diff, base: statistics, now: opened.analysis.statistics, width: Output.width).lines()
                .joined(separator: "\n"))
        for warning in warnings { StandardStreams.error.write(line: "warning: \(Printable.text(warning))") }
    }

    static let unrelatedIDs =
        "the objects of the two snapshots are numbered independently, as in dumps by a fork, or of two processes: do not rely on NEW "
        + "and DELETED; RETAINED, SIZE and DELTA are right if both are of one process"

    /// What a comparison needs of a snapshot, which is in memory only as long as it takes to read that.
    static func read(
        _ base: String, _ path: [CChar], _ input: AnalysisInput, _ interfaces: [Interface]
    ) throws -> (DiffBase, notes: [String]) {
        let opened = try input.open(base, path: path, interfaces: interfaces)
        do {
            return (try DiffBase(opened.analysis), opened.loaded.notes)
        } catch {
            throw AnalysisInput.fail(base, "there is not enough memory to compare it", .memoryTooTight)
        }
    }
}
