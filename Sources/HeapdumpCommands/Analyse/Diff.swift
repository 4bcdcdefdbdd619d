import ArgumentParser
import HeapAnalysis
import HeapSnapshot
import SnapshotWriter

struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what grew between heap snapshots of one program.",
        usage: """
            heapdump diff <file> <file> ... [--fail-if <expression>] ...
              [--json [--all]] [--force-memory]
            """,
        discussion: """
            What grew, and what holds it: places of the heap, by the way in which they are reached, whatever objects are numbered \
            by. So any two snapshots of a program can be compared, also of two runs or two hosts. Of more than two, what grew \
            from each to the next is shown.

            Per class, the oldest against the newest: how much more it holds, as in the comparison of Chrome DevTools. Plain \
            objects are told apart by the interfaces of the newest snapshot. Objects that are new and objects that are gone are \
            shown where the objects' ids belong together: in dumps by a signal. Each forked copy numbers objects anew, and V8 \
            forgets the numbers when an inspector's session ends.

            --fail-if makes a test of it: the exit status is 81 if an expression matches. SUBJECT is a class, whose count is \
            compared, or heap, whose total size is. SUBJECT.count, SUBJECT.size and SUBJECT.retained choose another figure, and \
            class:heap is a class of that name. The comparison is > >= < <= = or !=. VALUE is the growth from the first snapshot \
            to the last: objects, a size such as 1MB, or a percentage such as 10%.

            EXAMPLES
              heapdump diff monday.heapsnapshot tuesday.heapsnapshot
              heapdump diff 1.heapsnapshot 2.heapsnapshot 3.heapsnapshot
              heapdump diff --json --all a.heapsnapshot.gz b.heapsnapshot.gz
              heapdump diff a b --fail-if 'Session>0' --fail-if 'heap>10%'
              heapdump diff a b --fail-if 'Session.retained>=1MB'

            EXIT STATUS
            \(ExitCodeTable.analysis(hasConditions: true))
            """)

    @Argument(help: ArgumentHelp("The snapshots, the oldest first.", valueName: "file"))
    var files: [String]

    @Option(
        help: ArgumentHelp(
            "Exit with 81 if this holds, such as 'Session>0', 'heap>10%' or '{a, b}.retained>=1MB'. May be repeated.",
            valueName: "expression"),
        transform: FailConditionParser.parse)
    var failIf: [FailCondition] = []

    @Flag(help: "With --json: every class that changed, not only the 50 that grew most.")
    var all = false

    /// For the comparison with DevTools, which goes by ids whether they belong together or not.
    @Flag(name: .customLong("by-ids"), help: .hidden)
    var byIDs = false

    @OptionGroup var options: AnalysisOptions

    func validate() throws {
        if files.count < 2 { throw ValidationError("diff compares two snapshots or more: heapdump diff OLDER NEWER") }
        if all, !options.json { throw ValidationError("--all needs --json: there may be thousands of lines") }
        if files.count(where: { $0 == "-" }) > 1 { throw ValidationError("only one of them can be standard input") }
    }

    func run() throws {
        StandardStreams.ensureOpen()
        var arguments = RawArguments()
        let paths = files.map { arguments.next($0) }
        for (file, path) in zip(files, paths) { try AnalysisInput.expect(file, path: path) }
        let input = AnalysisInput(options: options)
        let newest = files[files.count - 1]
        let opened = try input.open(newest, path: paths[paths.count - 1])
        let vocabulary = PathVocabulary()
        var warnings: [SnapshotWarning] = []
        // Each is in memory only as long as it takes to read it.
        func read<Part>(_ place: Int, _ part: (HeapAnalysis) throws -> Part) throws -> Part {
            let older = try input.open(files[place], path: paths[place], interfaces: opened.analysis.interfaces)
            warnings += older.warnings
            return try Self.withMemory(for: files[place]) { try part(older.analysis) }
        }
        let classNames = failIf.compactMap(\.className)
        let base = try read(0) { try DiffBase($0, vocabulary, totalsOf: classNames) }
        let between = try (1..<files.count - 1).map { place in try read(place) { try PathTree($0, vocabulary) } }
        let diff = try Self.withMemory(for: newest) {
            try HeapDiff(base, between: between, opened.analysis, vocabulary, totalsOf: classNames, byIDs: byIDs)
        }
        warnings += opened.warnings
        let verdict = FailVerdict(failIf, base.statistics, diff)
        if options.json {
            let failed = failIf.isEmpty ? nil : verdict.failed
            try Output.print(
                JSONLine.text(
                    DiffReport(
                        files, base.statistics, diff, failed: failed,
                        SnapshotWarning.unique(warnings).map(\.text) + verdict.warnings.map(\.text), all: all)))
        } else {
            let text = DiffText(diff: diff, base: base.statistics, now: opened.analysis.statistics, width: Output.width)
            try Output.print(text.lines().joined(separator: "\n"))
            SnapshotWarning.tell(warnings)
        }
        try verdict.tell()
    }

    static func withMemory<Result>(for file: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch is HeapAnalysis.OutOfMemory {
            throw AnalysisInput.fail(file, "there is not enough memory to compare it", .memoryTooTight)
        }
    }
}
